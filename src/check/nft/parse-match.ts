import { type Span, spansOf } from '../cover/spans.ts';
import type { Test } from './packet.ts';
import type { Statement } from './parse-rule.ts';
import { SELECTORS, type Selector } from './selectors.ts';

/** Words between two values: what they make of them is not understood. */
const INFIX = /^(and|or|xor|lshift|rshift)$/;

/** Reads a selector with its operator and its values; undefined where one of them is not understood. */
export function readMatch(words: readonly string[], start: number): Statement | undefined {
  const length = SELECTORS.has(words[start] ?? '') ? 1 : 2;
  const selector = SELECTORS.get(words.slice(start, start + length).join(' '));
  if (selector === undefined) return undefined;
  const [sign = ''] = words.slice(start + length);
  const isOperator = /^[!=<>]/.test(sign);
  const list = readList(words, start + length + (isOperator ? 1 : 0));
  if (list === undefined || !beginsStatement(words[list.next])) return undefined;
  const test = testOf(selector, isOperator ? sign : '', list);
  return test && { tests: [test], next: list.next };
}

interface List {
  readonly values: readonly string[];
  readonly isSet: boolean;
  readonly next: number;
}

/** A value, several with commas between them, or a set of them in braces. */
function readList(words: readonly string[], start: number): List | undefined {
  const isSet = words[start] === '{';
  const values: string[] = [];
  for (let at = isSet ? start + 1 : start; at < words.length; at += 2) {
    values.push(words[at] ?? '');
    if (words[at + 1] === ',') continue;
    if (!isSet) return { values, isSet, next: at + 1 };
    return words[at + 1] === '}' ? { values, isSet, next: at + 2 } : undefined;
  }
  return undefined;
}

function beginsStatement(word: string | undefined): boolean {
  return word === undefined || (/^[a-z]/.test(word) && !INFIX.test(word));
}

function testOf(selector: Selector, operator: string, { values, isSet }: List): Test | undefined {
  const not = operator === '!=';
  const isEquality = not || operator === '' || operator === '==';
  // Without braces several values are bits of one number: the test is for any of them, with an operator for the number.
  if (values.length > 1 && !isSet && (operator !== '' || selector.field !== 'state')) return undefined;
  if ('names' in selector) {
    const names = understood(values.map(selector.names));
    return names && isEquality ? { field: selector.field, not, names } : undefined;
  }
  const spans = understood(values.map(selector.numbers));
  const [first] = spans ?? [];
  if (spans === undefined || first === undefined) return undefined;
  if (isEquality) return { field: selector.field, not, values: spansOf(spans) };
  const compared = isSet ? undefined : COMPARISONS[operator]?.(first);
  return compared && { field: selector.field, not, values: [compared] };
}

const MOST = 2 ** 32 - 1;

/** What is less or more than a number. */
const COMPARISONS: Readonly<Record<string, (value: Span) => Span>> = {
  '<': ([value]) => [0, value - 1],
  '<=': ([, value]) => [0, value],
  '>': ([, value]) => [value + 1, MOST],
  '>=': ([value]) => [value, MOST],
};

function understood<T>(values: readonly (T | undefined)[]): T[] | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === values.length ? known : undefined;
}
