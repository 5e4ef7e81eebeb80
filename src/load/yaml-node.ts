import type { Node, Scalar } from 'yaml';
import type { Span } from '../diagnostics/diagnostic.ts';

/** The text of a node alone, without the white space and comments that follow it. */
export function spanOf({ range }: Node): Span {
  const [start, end] = range ?? [0, 0];
  return { start, end };
}

/** The name of a key in the data: as it is written where YAML reads something else than a text. */
export function nameOfKey({ value, source }: Scalar): string {
  return typeof value === 'string' ? value : String(source ?? value);
}
