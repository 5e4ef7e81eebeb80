import { BEGINNING } from '../diagnostics/beginning.ts';
import type { Advice, Finding } from '../diagnostics/diagnostic.ts';
import { decidingKeys } from './deciding-keys.ts';
import { describeType, describeValue, exampleText } from './describe-value.ts';
import { exampleOf } from './example-of.ts';
import { valueAt } from './json-pointer.ts';
import { aboutValue, expectationOf, type Mistake, placeOf } from './mistake.ts';
import { type Schema, schemaAt } from './schema-source.ts';
import { takes } from './takes.ts';

/** A value of another type than the one that belongs there. */
export function wrongType(mistake: Mistake): Finding {
  const { error, schema, value } = mistake;
  const inBraces = listInBraces(mistake);
  if (inBraces !== undefined) return inBraces;
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

/** Names without values, where a list could stand, too. */
function listInBraces({ path, data, pointer, root }: Mistake): Finding | undefined {
  const [, whole] = /^(.+)\/then\/additionalProperties$/.exec(pointer) ?? [];
  const isListed = whole !== undefined && schemaAt(root, whole).else?.['type'] === 'array';
  const entries = Object.entries(Object(valueAt(data, path.slice(0, -1))));
  if (!isListed || entries.some(([, value]) => value !== null)) return undefined;
  const at = path.slice(0, -1);
  return {
    rule: 'wrong-type',
    at,
    part: 'key',
    message: `${placeOf(at)} is a map without values; a list stands in brackets`,
    help: `write [${entries.map(([name]) => name).join(', ')}]`,
  };
}

/** How to write a value so that it has the type asked for, or an example. */
function rightType({ path, schema, root, value }: Mistake, types: readonly string[]): Advice {
  if (path.length === 0) return { help: BEGINNING };
  if (typeof value === 'string' && types.includes('boolean')) {
    const truth = BOOLEAN_WORDS.get(value.toLowerCase());
    if (truth === undefined) return {};
    return { help: `YAML 1.2 reads "${value}" as a text: write ${truth}`, fix: { write: truth } };
  }
  if (typeof value === 'string' && /^\d+$/.test(value) && !types.includes('array')) {
    const number = Number(value);
    const isSame = String(number) === value && takes(schema, number, root);
    return { help: `without quotes: ${number}`, ...(isSame && { fix: { write: number } }) };
  }
  if (types.includes('string') && isTextFor(schema, value)) {
    return { help: `put it in quotes: "${value}"`, fix: { write: String(value) } };
  }
  const [first] = schema.examples ?? [];
  if (Array.isArray(first) && typeof first[0] === typeof value && isWord(value)) {
    const isRight = takes(schema.items ?? {}, value, root);
    return { help: `a list of one: [${exampleText(value)}]`, ...(isRight && { fix: { write: [value] } }) };
  }
  const example = exampleOf(schema, root);
  return example === undefined ? {} : { help: `for example ${example}` };
}

function isWord(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
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
