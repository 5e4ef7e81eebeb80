import { LEGEND, type ReachTable } from './table.ts';

/** A table of who reaches what as text: what is asked is a letter, and what stops it a number, with the words for both below. */
export function describeTable({ columns, rows, notes }: ReachTable): string {
  const width = Math.max(...rows.map(({ asker }) => asker.length));
  const line = (asker: string, cells: readonly { readonly text: string }[]) =>
    `${asker.padEnd(width)}  ${cells.map(({ text }) => text.padEnd(6)).join('')}`.trimEnd();
  return [
    `Who reaches what (${LEGEND})`,
    '',
    line(
      '',
      columns.map(({ letter }) => ({ text: letter })),
    ),
    ...rows.map(({ asker, outcomes }) => line(asker, outcomes)),
    '',
    ...columns.map(({ letter, text }) => `${letter.padEnd(3)}${text}`),
    '',
    ...notes.map(({ text, at }, index) => `${String(index + 1).padEnd(3)}${text} (${at})`),
    '',
  ].join('\n');
}
