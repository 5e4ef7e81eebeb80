import { formatPath, type Path } from '../diagnostics/diagnostic.ts';
import type { Cluster } from '../resolve/cluster.ts';
import { groupBy } from '../resolve/group-by.ts';
import { lineOf, wordsFor, wordsForAsked } from './labels.ts';
import type { Cell, Matrix } from './matrix.ts';
import { stopOf } from './reach.ts';
import { gistOf } from './stops.ts';

/** What a cell of the matrix shows. */
export interface Outcome {
  /** What is missing is stopped, and has to work. */
  readonly is: 'delivered' | 'stopped' | 'missing';
  /** With the number of the note that says what stops it, if anything does. */
  readonly text: string;
}

/** The matrix as it is shown: who has the same everywhere is one row, what is the same for everybody one column. */
export interface ReachTable {
  /** What is asked, and the letter that stands for it. */
  readonly columns: readonly { readonly letter: string; readonly text: string }[];
  readonly rows: readonly { readonly asker: string; readonly outcomes: readonly Outcome[] }[];
  /** What stops connections, and where the model says so; their numbers begin with 1. */
  readonly notes: readonly Note[];
}

interface Note {
  readonly text: string;
  readonly at: string;
}

/** What the cells say. */
export const LEGEND =
  'yes: delivered and answered; no: stopped, as that note says; NO: stopped, and has to work';

/** Where a path of the model is, in words. */
export type PlaceOf = (at: Path) => string;

export function reachTable(
  cluster: Cluster,
  { rows, columns }: Matrix,
  placeOf: PlaceOf = formatPath,
): ReachTable {
  const notes = new Notes(placeOf);
  const seen = rows.map(({ askers, cells }) => ({
    askers,
    outcomes: cells.map((cell) => notes.outcome(cell)),
  }));
  const columnGroups = groupBy([...columns.keys()], (column) =>
    textOf(seen.flatMap(({ outcomes }) => outcomes[column] ?? [])),
  );
  const shown = [...columnGroups.values()];
  return {
    columns: shown.map((group, index) => ({
      letter: letterOf(index),
      text: lineOf(group.flatMap((column) => wordsForAsked(cluster, columns[column] ?? []))),
    })),
    rows: [...groupBy(seen, ({ outcomes }) => textOf(outcomes)).values()].map((group) => ({
      asker: lineOf(
        wordsFor(
          cluster,
          group.flatMap(({ askers }) => askers.map(({ name }) => name)),
        ),
      ),
      outcomes: shown.flatMap(([column = 0]) => group[0]?.outcomes[column] ?? []),
    })),
    notes: notes.all,
  };
}

function textOf(outcomes: readonly Outcome[]): string {
  return outcomes.map(({ text }) => text).join();
}

/** A to Z, then AA to ZZ. */
function letterOf(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : letterOf(Math.floor(index / 26) - 1) + letter;
}

/** Numbers what stops connections, in the order in which it is met. */
class Notes {
  readonly #numbers = new Map<string, number>();
  readonly #placeOf: PlaceOf;
  readonly all: Note[] = [];

  constructor(placeOf: PlaceOf) {
    this.#placeOf = placeOf;
  }

  outcome({ answer, needs }: Cell): Outcome {
    const stop = stopOf(answer);
    if (stop === undefined) return { is: 'delivered', text: 'yes' };
    const note = { text: gistOf(stop), at: this.#placeOf(stop.at) };
    const key = `${note.at}: ${note.text}`;
    const number = this.#numbers.get(key) ?? this.all.push(note);
    this.#numbers.set(key, number);
    return needs.length > 0
      ? { is: 'missing', text: `NO ${number}` }
      : { is: 'stopped', text: `no ${number}` };
  }
}
