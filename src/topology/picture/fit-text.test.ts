import { describe, expect, it } from 'vitest';
import { shorten, wrap } from './fit-text.ts';

// At 100 px and 65 hundredths a digit is 65 px wide; the ellipsis is 100, a space 35.
const STYLE = { size: 100, isBold: false };

describe('a text that is too long', () => {
  it.each([
    [260, '1234', '1234'],
    [259, '1234', '12…'],
    [230, '1234', '12…'],
    [229, '1234', '1…'],
    [270, '1 34', '1 34'],
    [229, '1 34', '1…'],
    [100, '1234', '…'],
    [99, '1234', ''],
    [240, '🎉🎉', '🎉…'],
  ])('in %i px "%s" becomes "%s"', (width, text, short) => {
    expect(shorten(text, STYLE, width)).toBe(short);
  });

  it.each([
    ['12 34 56', 165, 3, ['12', '34', '56']],
    ['12 34 56', 295, 3, ['12 34', '56']],
    ['12 34 56', 295, 1, ['12…']],
    ['12 34 56', 230, 2, ['12', '34…']],
    ['123456 7', 295, 2, ['123…', '7']],
    ['', 295, 2, []],
  ])('"%s" in %i px and %i lines becomes %j', (text, width, lines, wrapped) => {
    expect(wrap(text, STYLE, { width, lines })).toEqual(wrapped);
  });
});
