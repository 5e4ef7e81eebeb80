import { textOf } from './text-of.ts';

/**
 * A text behind a comment sign: one line, without what could end the comment or start a template's code. A backslash at
 * the end would take in the next line where lines can be continued.
 */
export function comment(value: unknown): string {
  const text = textOf(value);
  if (/[\p{Cc}\u2028\u2029]|\*\/|--!?>|[{<][{%#]|\$\{|%\{|\\$/u.test(text))
    throw new TypeError(`${JSON.stringify(text)} cannot stand in a comment`);
  return text;
}
