import { BEGINNING } from '../diagnostics/beginning.ts';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { decidingKeys } from './deciding-keys.ts';
import { describeType, describeValue, exampleText } from './describe-value.ts';
import { exampleOf } from './example-of.ts';
import { aboutValue, expectationOf, type Mistake } from './mistake.ts';
import type { Schema } from './schema-source.ts';

/** A value of another type than the one that belongs there. */
export function wrongType(mistake: Mistake): Finding {
  const { error, schema, value } = mistake;
  const types = [error.params['type']].flat().map(String);
  // A schema that takes nothing says by its message why.
  if (types.includes('null')) {
    const says = `does not belong here: ${schema.errorMessage ?? 'remove it'}`;
    return { ...aboutValue(mistake, 'wrong-place', says), related: decidingKeys(mistake) };
  }
  const expected = expectationOf(schema)?.thing ?? types.map(describeType).join(' or ');
  const says = `is ${describeValue(value)}; ${expected} belongs here`;
  return aboutValue(mistake, 'wrong-type', says, rightType(mistake, types));
}

/** How to write a value so that it has the type asked for, or an example. */
function rightType({ path, schema, root, value }: Mistake, types: readonly string[]): string | undefined {
  if (path.length === 0) return BEGINNING;
  if (typeof value === 'string' && types.includes('boolean')) {
    const truth = BOOLEAN_WORDS.get(value.toLowerCase());
    return truth === undefined ? undefined : `YAML 1.2 reads "${value}" as a text: write ${truth}`;
  }
  if (typeof value === 'string' && /^\d+$/.test(value) && !types.includes('array')) {
    return `without quotes: ${Number(value)}`;
  }
  if (types.includes('string') && isTextFor(schema, value)) return `put it in quotes: "${value}"`;
  const [first] = schema.examples ?? [];
  const isListOfSuch = Array.isArray(first) && typeof first[0] === typeof value;
  if (isListOfSuch && typeof value === 'string') return `a list of one: [${exampleText(value)}]`;
  const example = exampleOf(schema, root);
  return example === undefined ? undefined : `for example ${example}`;
}

/** Whether a number or truth value in quotes would be right. */
function isTextFor({ pattern = '', format }: Schema, value: unknown): boolean {
  if (typeof value !== 'number' && typeof value !== 'boolean') return false;
  return format === undefined && new RegExp(pattern, 'u').test(String(value));
}

/** What YAML 1.1 took for truth values besides true and false. */
const BOOLEAN_WORDS: ReadonlyMap<string, boolean> = new Map([
  ...['yes', 'on', 'y', 'true'].map((word) => [word, true] as const),
  ...['no', 'off', 'n', 'false'].map((word) => [word, false] as const),
]);
