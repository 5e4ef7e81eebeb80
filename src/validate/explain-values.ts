import type { Finding } from '../diagnostics/diagnostic.ts';
import { adviceOf, slipOf, suggest } from '../diagnostics/suggest.ts';
import type { Problem } from '../net/parsed.ts';
import { describeType, describeValue, quote } from './describe-value.ts';
import { parsers } from './formats.ts';
import { aboutValue, expectationOf, type Mistake, placeOf } from './mistake.ts';
import type { Schema } from './schema-source.ts';
import { suggestForm } from './suggest-form.ts';
import { takes } from './takes.ts';

/** A value that is none of those allowed. */
export function notAllowed(mistake: Mistake, allowed: readonly unknown[]): Finding {
  const { value } = mistake;
  const list = allowed.map(String).join(', ');
  const what = allowed.length === 1 ? list : `one of ${list}`;
  // Maps here have no prototype, and so no text of their own.
  if (typeof value === 'object' && value !== null)
    return aboutValue(mistake, 'wrong-type', `is ${describeValue(value)}; ${what} belongs here`);
  const same = allowed.find((candidate) => String(candidate) === String(value));
  if (typeof same === 'string' || typeof same === 'number') {
    const says = `is ${describeValue(value)}; ${describeType(typeof same)} belongs here`;
    const help = typeof same === 'string' ? `put it in quotes: "${same}"` : `without quotes: ${same}`;
    return aboutValue(mistake, 'wrong-type', says, { help, fix: { write: same } });
  }
  if (value === null) return aboutValue(mistake, 'wrong-type', `is empty; ${what} belongs here`);
  const words = typeof value === 'string' ? allowed.map(String) : [];
  const certain = slipOf(String(value), words);
  const meant = suggest(String(value), words);
  const help = `${meant === undefined ? '' : `did you mean "${meant}"? `}allowed: ${list}`;
  const advice = certain === undefined ? { help } : adviceOf(certain, true);
  return aboutValue(mistake, 'wrong-value', 'is not allowed here', advice);
}

/** A text of another form than the one that belongs there; the parser of its format says why. */
export function wrongForm(mistake: Mistake): Finding {
  const { schema } = mistake;
  const text = String(mistake.value);
  const { full, thing, example } = expectationOf(schema) ?? { full: 'of the right form', thing: 'right' };
  const { reason, suggestion, isSame = false } = problemOf(text, schema);
  const form = suggestForm(text, schema);
  const meant = suggestion === undefined ? form : { text: suggestion, isCertain: isSame };
  const says = reason === undefined ? `is not ${full}` : `is not ${thing}: ${reason}`;
  if (meant !== undefined) {
    const isCertain = meant.isCertain && takes(schema, meant.text, mistake.root);
    return aboutValue(mistake, 'wrong-value', says, adviceOf(meant.text, isCertain));
  }
  // Without a reason the message has the example.
  const hasExample = example !== undefined && reason !== undefined;
  return aboutValue(mistake, 'wrong-value', says, hasExample ? { help: `for example ${example}` } : {});
}

function problemOf(text: string, { format }: Schema): Partial<Problem> {
  const result = format === undefined ? undefined : parsers[format]?.(text);
  if (result?.ok === false) return result.problem;
  return isIpv6(text) ? { reason: 'IPv6 is not supported yet' } : {};
}

function isIpv6(text: string): boolean {
  return /^[\da-f:.]+(\/\d+)?$/i.test(text) && /:.*:/.test(text);
}

/** A number that is too small or too large. */
export function outOfBounds(mistake: Mistake, bound: string): Finding {
  const { schema, error } = mistake;
  const expected = expectationOf(schema)?.full;
  const { minimum, maximum } = schema;
  const isRange = minimum !== undefined && maximum !== undefined;
  const range = isRange ? `${minimum} to ${maximum}` : `${bound} ${error.params['limit']}`;
  return aboutValue(
    mistake,
    'wrong-value',
    expected === undefined ? `is out of range: ${range}` : `is not ${expected}`,
  );
}

/** A text that says nothing. */
export function tooShort(mistake: Mistake): Finding {
  return aboutValue(mistake, 'wrong-value', 'is empty; a text belongs here');
}

/** A text with too many characters. */
export function tooLong(mistake: Mistake): Finding {
  return aboutValue(mistake, 'wrong-value', `is longer than ${mistake.error.params['limit']} characters`);
}

/** A list or map with too few or too many members. */
export function wrongCount({ error, path, value }: Mistake, bound: string): Finding {
  const limit = Number(error.params['limit']);
  const isList = Array.isArray(value);
  const [one, many] = isList ? ['value', 'values'] : ['entry', 'entries'];
  const count = isList ? value.length : Object.keys(value ?? {}).length;
  const message = `${placeOf(path)} takes ${bound} ${limit} ${limit === 1 ? one : many}, not ${count}`;
  return { rule: 'wrong-value', at: path, part: 'key', message };
}

/** A value that stands twice in a list. */
export function repeated({ error, path, value }: Mistake): Finding {
  const { i, j } = error.params as { readonly i: number; readonly j: number };
  const [first, second] = i < j ? [i, j] : [j, i];
  const item = Array.isArray(value) ? value[second] : value;
  return {
    rule: 'wrong-value',
    at: [...path, second],
    message: `${quote(item)} stands twice in ${placeOf(path)}`,
    related: [{ at: [...path, first], message: 'first here' }],
    help: 'remove one of them',
  };
}
