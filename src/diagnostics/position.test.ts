import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineIndex } from './position.ts';

describe('the lines of a text', () => {
  it.each<[text: string, offset: number, line: number, column: number]>([
    ['', 0, 1, 1],
    ['abc', 0, 1, 1],
    ['abc', 3, 1, 4],
    ['a\nbc\n', 1, 1, 2],
    ['a\nbc\n', 2, 2, 1],
    ['a\nbc\n', 5, 3, 1],
    ['a\r\nb', 3, 2, 1],
    ['\u{1f600}b', 2, 1, 3],
  ])('%j has offset %i at %i:%i', (text, offset, line, column) => {
    expect(new LineIndex(text).position(offset)).toEqual({ line, column });
  });

  it('are counted from 1, without their ends', () => {
    const lines = new LineIndex('a\r\n\nb\n');
    expect(lines.lineCount).toBe(4);
    expect([1, 2, 3, 4, 5].map((number) => lines.line(number))).toEqual(['a', '', 'b', '', '']);
  });

  it('and their columns lead back to each offset', () => {
    const texts = fc.string({ unit: fc.constantFrom('a', '\n', '\u00e9') });
    fc.assert(
      fc.property(texts, fc.nat(20), (text, at) => {
        const offset = at % (text.length + 1);
        const { line, column } = new LineIndex(text).position(offset);
        const before = text.split('\n').slice(0, line - 1);
        return before.reduce((sum, part) => sum + part.length + 1, column - 1) === offset;
      }),
    );
  });
});
