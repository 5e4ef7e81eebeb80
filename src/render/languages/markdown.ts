import { textOf } from './text-of.ts';

/** A text in a paragraph of CommonMark. It comes from our own sentences and names, which hold no markup. */
export function markdown(value: unknown): string {
  const text = textOf(value);
  if (/[\p{Cc}\\`*[\]<>|~&$]|^\s|\s\s|\s$|^([#>+=-]|\d+[.)](\s|$))/u.test(text))
    throw new TypeError(`${JSON.stringify(text)} would be markup`);
  return escapeNames(text);
}

/**
 * Names may begin or end with an underscore, which is emphasis beside a space or a punctuation mark, and a domain may
 * begin with "www.", which is a link (GFM 6.9).
 */
function escapeNames(text: string): string {
  return text
    .replace(/(?<=\bwww)\./gi, '\\.')
    .replace(/(?<=^|[\s\p{P}])(?<!_)_+|_+(?!_)(?=$|[\s\p{P}])/gu, (run) => run.replaceAll('_', '\\_'));
}

/**
 * A text of one line as a code span, which has no way to be empty. A reader takes a space off each end where both have
 * one, but for a text of nothing else (CommonMark 0.31 section 6.1).
 */
export function markdownCode(value: unknown): string {
  const text = textOf(value);
  if (text === '' || /[\p{Cc}\u2028\u2029]/u.test(text))
    throw new TypeError(`${JSON.stringify(text)} is no code`);
  const runs = new Set((text.match(/`+/g) ?? []).map((run) => run.length));
  let length = 1;
  while (runs.has(length)) length += 1;
  const fence = '`'.repeat(length);
  const padding = /^`|`$|^ .*[^ ].* $/.test(text) ? ' ' : '';
  return `${fence}${padding}${text}${padding}${fence}`;
}

/** A line inside a fenced code block. */
export function codeLine(value: unknown): string {
  const text = textOf(value);
  if (/\p{Cc}|```/u.test(text)) throw new TypeError(`${JSON.stringify(text)} is no line of code`);
  return text;
}

/**
 * A table (GFM 4.10) of names and addresses. Its cells are not padded: one long name would move every line of it.
 * Prettier is told to leave it so.
 */
export function markdownTable(value: unknown): string {
  const { head, rows } = value as {
    readonly head: readonly string[];
    readonly rows: readonly (readonly string[])[];
  };
  const line = (cells: readonly string[]) => `| ${cells.map(plainCell).join(' | ')} |`;
  return ['<!-- prettier-ignore -->', line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function plainCell(text: string): string {
  if (!/^[\x20-\x7e]*$/.test(text) || /[\\`*[\]<>|~&]/.test(text)) {
    throw new TypeError(`${JSON.stringify(text)} cannot stand in a table`);
  }
  return escapeNames(text);
}
