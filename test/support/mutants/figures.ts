import type { Operator } from './operator.ts';
import type { Outcome } from './outcome.ts';

/** How many mutants of an operator came to what. */
export type Figures = Readonly<Record<Outcome, number>>;

export const NONE: Figures = { caught: 0, confirmed: 0, missed: 0, 'false alarm': 0 };

export function totalOf(figures: Figures): number {
  return Object.values(figures).reduce((sum, count) => sum + count, 0);
}

/** The figures of all operators as a table, with their sums. */
export function tableOf(figures: ReadonlyMap<Operator, Figures>): string {
  const rows = [...figures].map(([{ name, expects }, counts]) => rowOf(name, expects, counts));
  const all = [...figures.values()].reduce(sumOf, NONE);
  const head = ['operator', 'expects', 'mutants', 'caught', 'uncaught, confirmed', 'missed', 'false alarms'];
  const lines = [head, ...rows, rowOf('all', '', all)];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function rowOf(name: string, expects: string, figures: Figures): string[] {
  const { caught, confirmed, missed } = figures;
  return [
    name,
    expects,
    ...[totalOf(figures), caught, confirmed, missed, figures['false alarm']].map(String),
  ];
}

function sumOf(one: Figures, other: Figures): Figures {
  return {
    caught: one.caught + other.caught,
    confirmed: one.confirmed + other.confirmed,
    missed: one.missed + other.missed,
    'false alarm': one['false alarm'] + other['false alarm'],
  };
}
