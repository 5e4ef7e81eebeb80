import type { ErrorObject } from 'ajv';
import { type Finding, formatPath, type Path } from '../diagnostics/diagnostic.ts';
import { suggest } from '../diagnostics/suggest.ts';
import { parsers } from './formats.ts';
import { readSchemaText, type Schema, schemaAt } from './schema-source.ts';

/** What one error of the validator is about. */
interface Mistake {
  readonly error: ErrorObject;
  readonly path: Path;
  /** The schema that holds the keyword that failed. */
  readonly schema: Schema;
  readonly value: unknown;
}

/** ajv's errors as findings: one per mistake, in the words of the model. */
export function explainErrors(errors: readonly ErrorObject[], data: unknown): Finding[] {
  const root: Schema = JSON.parse(readSchemaText());
  const findings = new Map<string, Finding>();
  for (const error of mergeMissing(errors)) {
    const explain = EXPLAIN[error.keyword];
    if (explain === undefined) continue;
    const path = pathOf(error.instancePath, data);
    const schema = schemaAt(root, error.schemaPath.slice(0, error.schemaPath.lastIndexOf('/')));
    const finding = explain({ error, path, schema, value: valueAt(data, path) });
    const place = `${finding.part ?? 'value'} ${formatPath(finding.at)}`;
    if (!findings.has(place)) findings.set(place, finding);
  }
  return [...findings.values()];
}

/** Keywords that only sum up others (`if`, `propertyNames`) have no entry. */
const EXPLAIN: Readonly<Record<string, (mistake: Mistake) => Finding>> = {
  additionalProperties: unknownKey,
  required: missingKeys,
  type: wrongType,
  enum: (mistake) => notAllowed(mistake, mistake.error.params['allowedValues']),
  const: (mistake) => notAllowed(mistake, [mistake.error.params['allowedValue']]),
  format: wrongForm,
  pattern: wrongForm,
  minimum: (mistake) => outOfBounds(mistake, 'at least'),
  maximum: (mistake) => outOfBounds(mistake, 'at most'),
  minItems: (mistake) => wrongCount(mistake, 'at least', 'value'),
  maxItems: (mistake) => wrongCount(mistake, 'at most', 'value'),
  minProperties: (mistake) => wrongCount(mistake, 'at least', 'entry'),
  maxProperties: (mistake) => wrongCount(mistake, 'at most', 'entry'),
  maxLength: (mistake) =>
    finding(mistake, 'wrong-value', `is longer than ${mistake.error.params['limit']} characters`),
  uniqueItems: repeated,
};

function unknownKey({ error, path, schema }: Mistake): Finding {
  const key = String(error.params['additionalProperty']);
  const allowed = Object.keys(schema.properties ?? {});
  const meant = suggest(key, allowed);
  return {
    rule: 'unknown-key',
    at: [...path, key],
    part: 'key',
    message: `unknown key "${key}"${path.length === 0 ? '' : ` in ${formatPath(path)}`}`,
    help: meant === undefined ? `allowed here: ${allowed.join(', ')}` : `did you mean "${meant}"?`,
  };
}

function missingKeys({ error, path, schema }: Mistake): Finding {
  const keys: string[] = error.params['missingProperties'];
  const where = path.length === 0 ? 'the model' : formatPath(path);
  const example = keys.map((key) => `${key}: ${exampleOf(schema.properties?.[key])}`).join(', ');
  return {
    rule: 'missing-key',
    at: path,
    part: 'key',
    message: `${where} lacks ${keys.map((key) => `"${key}"`).join(' and ')}`,
    help: `for example ${example}`,
  };
}

function wrongType(mistake: Mistake): Finding {
  const { error, schema, value } = mistake;
  if (schema.errorMessage !== undefined)
    return finding(mistake, 'wrong-type', `does not belong here: ${schema.errorMessage}`);
  const types = [error.params['type']].flat().map((type) => TYPE_NAMES[String(type)] ?? String(type));
  const message =
    value === null
      ? `is empty; ${types.join(' or ')} belongs here`
      : `is ${nameOfType(value)}, not ${types.join(' or ')}`;
  const asksBoolean = error.params['type'] === 'boolean' && typeof value === 'string';
  const truth = asksBoolean ? BOOLEAN_WORDS[value.toLowerCase()] : undefined;
  if (truth !== undefined)
    return finding(mistake, 'wrong-type', message, `YAML 1.2 reads "${value}" as a text: write ${truth}`);
  return finding(mistake, 'wrong-type', message);
}

function notAllowed(mistake: Mistake, allowed: readonly unknown[]): Finding {
  const words = allowed.map(String);
  const meant = suggest(String(mistake.value), words);
  const help = `${meant === undefined ? '' : `did you mean "${meant}"? `}allowed: ${words.join(', ')}`;
  return finding(mistake, 'wrong-value', 'is not allowed here', help);
}

function wrongForm(mistake: Mistake): Finding {
  const { error, schema, path } = mistake;
  const key = error.propertyName;
  const text = key ?? String(mistake.value);
  const result = schema.format === undefined ? undefined : parsers[schema.format]?.(text);
  const problem = result?.ok === false ? result.problem : undefined;
  const expected = schema.patternErrorMessage ?? 'of the right form';
  const fix = problem?.suggestion ?? (key === undefined ? undefined : asLabel(key));
  const help = fix === undefined ? undefined : `did you mean "${fix}"?`;
  if (key !== undefined) {
    return {
      rule: 'wrong-name',
      at: [...path, key],
      part: 'key',
      message: `"${key}" is not ${expected}`,
      ...(help && { help }),
    };
  }
  return finding(
    mistake,
    'wrong-value',
    `is not ${expected}${problem === undefined ? '' : `: ${problem.reason}`}`,
    help,
  );
}

function outOfBounds(mistake: Mistake, bound: string): Finding {
  return finding(mistake, 'wrong-value', `is out of range: ${bound} ${mistake.error.params['limit']}`);
}

function wrongCount(mistake: Mistake, bound: string, what: string): Finding {
  const { limit } = mistake.error.params as { limit: number };
  const things = limit === 1 ? what : what === 'entry' ? 'entries' : `${what}s`;
  return {
    rule: 'wrong-value',
    at: mistake.path,
    part: 'key',
    message: `${formatPath(mistake.path)} takes ${bound} ${limit} ${things}`,
  };
}

function repeated({ error, path, value }: Mistake): Finding {
  const { i, j } = error.params as { i: number; j: number };
  const [first, second] = i < j ? [i, j] : [j, i];
  const item = Array.isArray(value) ? value[second] : value;
  return {
    rule: 'wrong-value',
    at: [...path, second],
    message: `${quote(item)} stands twice in ${formatPath(path)}`,
    related: [{ at: [...path, first], message: 'first here' }],
    help: 'remove one of them',
  };
}

function finding({ path, value }: Mistake, rule: string, says: string, help?: string): Finding {
  const subject = value === null || typeof value === 'object' ? formatPath(path) : quote(value);
  return { rule, at: path, message: `${subject} ${says}`, ...(help === undefined ? {} : { help }) };
}

/** All keys that one map lacks are one mistake. */
function mergeMissing(errors: readonly ErrorObject[]): ErrorObject[] {
  const merged: ErrorObject[] = [];
  const byPlace = new Map<string, string[]>();
  for (const error of errors) {
    if (error.keyword !== 'required') {
      merged.push(error);
      continue;
    }
    const key = String(error.params['missingProperty']);
    const place = `${error.instancePath} ${error.schemaPath}`;
    const known = byPlace.get(place);
    if (known !== undefined) {
      known.push(key);
      continue;
    }
    const missingProperties = [key];
    byPlace.set(place, missingProperties);
    merged.push({ ...error, params: { missingProperties } });
  }
  return merged;
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  null: 'nothing',
};

const BOOLEAN_WORDS: Readonly<Record<string, boolean>> = {
  yes: true,
  on: true,
  y: true,
  no: false,
  off: false,
  n: false,
};

function nameOfType(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'number') return Number.isInteger(value) ? 'a whole number' : 'a number';
  return typeof value === 'boolean' ? 'true or false' : 'a text';
}

function quote(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value) ?? 'nothing';
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value);
}

function exampleOf(schema: Schema | undefined): string {
  const [example] = schema?.examples ?? [];
  return example === undefined ? '...' : JSON.stringify(example);
}

/** A name as RFC 1123 has it, where only case and separators are off. */
function asLabel(name: string): string | undefined {
  const label = name
    .toLowerCase()
    .replace(/[_.\s]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label) && label !== name ? label : undefined;
}

/** The steps of a JSON pointer, with list indexes as numbers. */
function pathOf(pointer: string, data: unknown): Path {
  const path: (string | number)[] = [];
  let value = data;
  for (const step of pointer.split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(Array.isArray(value) ? Number(key) : key);
    value = valueAt(value, [key]);
  }
  return path;
}

function valueAt(data: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      value !== null && typeof value === 'object' ? (value as Record<string, unknown>)[step] : undefined,
    data,
  );
}
