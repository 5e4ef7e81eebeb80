import type { ErrorObject } from 'ajv';
import { type Advice, type Finding, formatPath, type Path } from '../diagnostics/diagnostic.ts';
import { quote } from './describe-value.ts';
import type { Schema } from './schema-source.ts';

/** What one error of the validator is about. */
export interface Mistake {
  readonly error: ErrorObject;
  readonly path: Path;
  /** The schema that holds the keyword that failed. */
  readonly schema: Schema;
  /** Its JSON pointer. */
  readonly pointer: string;
  /** The whole schema. */
  readonly root: Schema;
  readonly value: unknown;
  /** The whole model. */
  readonly data: unknown;
}

/** A finding about a value: what it is or is not, and how to put it right. */
export function aboutValue(
  { path, value }: Mistake,
  rule: string,
  says: string,
  advice: Advice = {},
): Finding {
  const isLong = value === null || typeof value === 'object';
  return { rule, at: path, message: `${isLong ? placeOf(path) : quote(value)} ${says}`, ...advice };
}

/** A place in the words of the model. */
export function placeOf(path: Path): string {
  return path.length === 0 ? 'the model' : formatPath(path);
}

/** What a schema says in its message for editors: "Expected an IPv4 address such as 10.17.4.21". */
export interface Expectation {
  /** All of it: "an IPv4 address such as 10.17.4.21". */
  readonly full: string;
  /** The thing by itself: "an IPv4 address". */
  readonly thing: string;
  readonly example?: string;
}

/** What a schema expects, or undefined where it has no message that says so. */
export function expectationOf({ errorMessage = '' }: Schema): Expectation | undefined {
  const [, full] = /^Expected (.+)$/.exec(errorMessage) ?? [];
  if (full === undefined) return undefined;
  const [thing = full, example] = full.split(/,? such as | of (?=at most|one line)/);
  return full.includes(' such as ') && example !== undefined ? { full, thing, example } : { full, thing };
}
