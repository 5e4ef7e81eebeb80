import type { ErrorObject } from 'ajv';
import { type Finding, formatPath } from '../diagnostics/diagnostic.ts';
import { MOST_SHOWN } from '../diagnostics/most-shown.ts';
import { meantKey, missingKeys, unknownKey, wrongName } from './explain-keys.ts';
import { wrongType } from './explain-types.ts';
import {
  notAllowed,
  outOfBounds,
  repeated,
  tooLong,
  tooShort,
  wrongCount,
  wrongForm,
} from './explain-values.ts';
import { failedSchema } from './failed-schema.ts';
import { pathOf, valueAt } from './json-pointer.ts';
import type { Mistake } from './mistake.ts';
import { readSchemaText, type Schema } from './schema-source.ts';

/** ajv's errors as findings: one per mistake, in the words of the model. */
export function explainErrors(errors: readonly ErrorObject[], data: unknown): Finding[] {
  const root: Schema = JSON.parse(readSchemaText());
  // Some errors belong to one mistake.
  const mistakes = errors.slice(0, 10 * MOST_SHOWN).map((error): Mistake => {
    const path = pathOf(error.instancePath, data);
    return { error, path, ...failedSchema(root, error, path), root, value: valueAt(data, path), data };
  });
  const findings = [
    ...mistakes.flatMap((mistake) => EXPLAIN[mistake.error.keyword]?.(mistake) ?? []),
    ...missing(mistakes),
  ];
  const [first] = errors;
  if (findings.length === 0) throw new Error(`nothing explains ${first?.keyword} at ${first?.schemaPath}`);
  return oneForEachPlace(findings).slice(0, MOST_SHOWN);
}

/** Keywords that only sum up others (`if`, `propertyNames`) have no entry. */
const EXPLAIN: Readonly<Record<string, (mistake: Mistake) => Finding>> = {
  additionalProperties: unknownKey,
  type: wrongType,
  enum: (mistake) => notAllowed(mistake, mistake.error.params['allowedValues']),
  const: (mistake) => notAllowed(mistake, [mistake.error.params['allowedValue']]),
  format: wrongForm,
  pattern: (mistake) => {
    const { propertyName } = mistake.error;
    return propertyName === undefined ? wrongForm(mistake) : wrongName(mistake, propertyName);
  },
  minimum: (mistake) => outOfBounds(mistake, 'at least'),
  maximum: (mistake) => outOfBounds(mistake, 'at most'),
  minItems: (mistake) => wrongCount(mistake, 'at least'),
  maxItems: (mistake) => wrongCount(mistake, 'at most'),
  minProperties: (mistake) => wrongCount(mistake, 'at least'),
  maxProperties: (mistake) => wrongCount(mistake, 'at most'),
  minLength: tooShort,
  maxLength: tooLong,
  uniqueItems: repeated,
};

/** All keys that one map lacks are one mistake; a key that is there but misspelt is said to be that already. */
function missing(mistakes: readonly Mistake[]): Finding[] {
  const misspelt = new Set(
    mistakes
      .filter(({ error }) => error.keyword === 'additionalProperties')
      .map((mistake) => formatPath([...mistake.path, meantKey(mistake) ?? ''])),
  );
  const byMap = new Map<string, { readonly mistake: Mistake; readonly keys: string[] }>();
  for (const mistake of mistakes) {
    const { error, path } = mistake;
    const key = String(error.params['missingProperty']);
    if (error.keyword !== 'required' || misspelt.has(formatPath([...path, key]))) continue;
    const known = byMap.get(error.instancePath);
    if (known === undefined) byMap.set(error.instancePath, { mistake, keys: [key] });
    else known.keys.push(key);
  }
  return [...byMap.values()].map(({ mistake, keys }) => missingKeys(mistake, keys));
}

function oneForEachPlace(findings: readonly Finding[]): Finding[] {
  const byPlace = new Map<string, Finding>();
  for (const finding of findings) {
    const place = `${finding.part ?? 'value'} ${formatPath(finding.at)}`;
    if (!byPlace.has(place)) byPlace.set(place, finding);
  }
  return [...byPlace.values()];
}
