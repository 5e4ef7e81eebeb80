import type { Edit, Source } from './source.ts';

/**
 * What has to come of a mistake, said before anything is run: an error or a warning at its place, silence, or either one,
 * as long as the cluster still does what it has to when nothing is said.
 */
export type Expectation = 'error' | 'warning' | 'silence' | 'either';

/** One kind of single change to a model. */
export interface Operator {
  /** What the mistake is, in words. */
  readonly name: string;
  readonly expects: Expectation;
  /** How often it is made in one model: more than once where few models can have it. */
  readonly perModel: number;
  /** Each way to make it in a model, of which some are tried. */
  readonly changes: (source: Source) => Iterable<readonly Edit[] | Iterable<Edit>>;
}

export function operator(
  name: string,
  expects: Expectation,
  changes: (source: Source) => Iterable<Iterable<Edit>>,
  perModel = 1,
): Operator {
  return { name, expects, perModel, changes };
}
