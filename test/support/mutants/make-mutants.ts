import type { Operator } from './operator.ts';
import type { Edit, Source } from './source.ts';

/** A model with one mistake. */
export interface Mutant {
  readonly operator: Operator;
  readonly source: Source;
  readonly text: string;
  /** The lines, from 1, where something else stands than before. */
  readonly lines: ReadonlySet<number>;
}

/** For a longer run by hand. Once in each of many models tells more than often in one. */
const MORE = Number(process.env['MORE_MUTANTS'] ?? 1);

/** The mutants that a kind of mistake makes of a model: some of those that it can make, others in each model. */
export function makeMutants(operator: Operator, source: Source): Mutant[] {
  const mutants = new Map<string, Mutant>();
  for (const change of operator.changes(source)) {
    const edits = [...change];
    const text = applied(source.text, edits);
    if (text !== source.text) mutants.set(text, { operator, source, text, lines: linesOf(text, edits) });
  }
  const all = [...mutants.values()];
  const first = source.number % Math.max(1, all.length);
  return [...all.slice(first), ...all.slice(0, first)].slice(0, operator.perModel * MORE);
}

function ordered(edits: readonly Edit[]): Edit[] {
  return edits.toSorted((a, b) => a.start - b.start);
}

function applied(text: string, edits: readonly Edit[]): string {
  let result = '';
  let done = 0;
  for (const { start, end, text: instead } of ordered(edits)) {
    result += text.slice(done, start) + instead;
    done = end;
  }
  return result + text.slice(done);
}

/** Where the edits stand in the changed text; of what was taken away what had it, and where it is named. */
function linesOf(changed: string, edits: readonly Edit[]): Set<number> {
  const lines = new Set<number>();
  let moved = 0;
  for (const { start, end, text, owner, names = [] } of ordered(edits)) {
    const [from, to] =
      owner === undefined
        ? [start + moved, start + moved + text.length]
        : [owner[0] + moved, owner[1] + moved - (end - start)];
    for (let line = lineAt(changed, from); line <= lineAt(changed, Math.max(from, to)); line += 1)
      lines.add(line);
    moved += text.length - (end - start);
    for (const line of names.flatMap((name) => linesWith(changed, name))) lines.add(line);
  }
  return lines;
}

function linesWith(text: string, name: string): number[] {
  const word = new RegExp(`(?<![\\w-])${name}(?![\\w-])`);
  return text.split('\n').flatMap((line, index) => (word.test(line) ? [index + 1] : []));
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
