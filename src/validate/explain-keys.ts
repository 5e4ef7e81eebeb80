import type { Finding } from '../diagnostics/diagnostic.ts';
import { adviceOf, slipOf, suggest } from '../diagnostics/suggest.ts';
import { quote } from './describe-value.ts';
import { exampleOf, propertyOf } from './example-of.ts';
import { valueAt } from './json-pointer.ts';
import { expectationOf, type Mistake, placeOf } from './mistake.ts';
import { schemaAt } from './schema-source.ts';
import { suggestForm } from './suggest-form.ts';
import { takes } from './takes.ts';

/** A key that its map does not have. */
export function unknownKey(mistake: Mistake): Finding {
  const { path, schema, error } = mistake;
  const key = String(error.params['additionalProperty']);
  const certain = certainKey(key, mistake);
  const meant = certain ?? meantKey(mistake);
  const allowed = Object.keys(schema.properties ?? {}).join(', ');
  return {
    rule: 'unknown-key',
    at: [...path, key],
    part: 'key',
    message: `unknown key ${quote(key)}${path.length === 0 ? '' : ` in ${placeOf(path)}`}`,
    ...(meant === undefined ? { help: `allowed here: ${allowed}` } : adviceOf(meant, meant === certain)),
  };
}

/** The key that an unknown one is a slip of, where none is or becomes the same. */
function certainKey(key: string, { schema, value, root }: Mistake): string | undefined {
  const known = Object.keys(schema.properties ?? {});
  const meant = slipOf(key, known);
  if (meant === undefined || !takes(propertyOf(schema, meant), valueAt(value, [key]), root)) return undefined;
  const claims = Object.keys(Object(value)).filter(
    (other) => other === meant || slipOf(other, known) === meant,
  );
  return claims.length === 1 ? meant : undefined;
}

/** The key that an unknown one was likely meant to be: one that is not there yet. */
export function meantKey({ error, schema, value }: Mistake): string | undefined {
  const free = Object.keys(schema.properties ?? {}).filter((key) => !Object.hasOwn(Object(value), key));
  return suggest(String(error.params['additionalProperty']), free);
}

/** The keys that one map lacks. */
export function missingKeys({ path, pointer, schema, root }: Mistake, keys: readonly string[]): Finding {
  // Where a condition requires a key, its property stands beside the condition.
  const around = /\/(then|else)$/.test(pointer)
    ? schemaAt(root, pointer.replace(/(\/(then|else))+$/, ''))
    : schema;
  const order = Object.keys(around.properties ?? {});
  const lacking = keys.toSorted((a, b) => order.indexOf(a) - order.indexOf(b));
  const examples = lacking.map((key) => `${key}: ${exampleOf(propertyOf(around, key), root) ?? '...'}`);
  const names = lacking
    .map((key) => `"${key}"`)
    .join(', ')
    .replace(/, (?=[^,]*$)/, ' and ');
  return {
    rule: 'missing-key',
    at: path,
    part: 'key',
    message: `${placeOf(path)} lacks ${names}`,
    help: `for example ${examples.join(', ')}`,
  };
}

/** A key that is a name, and not of the form of one. */
export function wrongName({ path, schema, value }: Mistake, key: string): Finding {
  const meant = suggestForm(key, schema);
  const claims = Object.keys(Object(value)).filter(
    (other) => other === meant?.text || suggestForm(other, schema)?.text === meant?.text,
  );
  return {
    rule: 'wrong-name',
    at: [...path, key],
    part: 'key',
    message: `${quote(key)} is not ${expectationOf(schema)?.full ?? 'a name'}`,
    ...(meant === undefined ? {} : adviceOf(meant.text, meant.isCertain && claims.length === 1)),
  };
}
