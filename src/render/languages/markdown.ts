import { textOf } from './text-of.ts';

/** A text in a paragraph or table cell of CommonMark: nothing in it is markup. */
export function markdown(value: unknown): string {
  return textOf(value)
    .replace(/\s+/gu, ' ')
    .replace(/[\\`*_[\]<>|#!~$&]/g, (character) => (character === '_' ? character : `\\${character}`));
}
