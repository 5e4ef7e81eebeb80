import { describe, expect, it } from 'vitest';
import type { Edit, Span } from '../diagnostics/diagnostic.ts';
import { applyEdits } from './apply-edits.ts';

const edit = (start: number, end: number, replacement: string, within?: Span): Edit => ({
  span: { start, end },
  replacement,
  ...(within === undefined ? {} : { within }),
});

describe('edits of a text', () => {
  it('are made in whatever order they come, side by side as well', () => {
    const edits = [edit(3, 5, 'y'), edit(0, 1, 'long'), edit(1, 3, '')];
    expect(applyEdits('abcdef', edits)).toEqual({ text: 'longyf', count: 3 });
  });

  it('wait for one another where they overlap', () => {
    expect(applyEdits('abcdef', [edit(1, 4, 'x'), edit(3, 5, 'y')])).toEqual({ text: 'axef', count: 1 });
    expect(applyEdits('abcdef', [edit(1, 2, 'x'), edit(1, 2, 'x')])).toEqual({ text: 'axcdef', count: 1 });
  });

  it('wait for one another in a list of which something must be left', () => {
    const list = { start: 0, end: 6 };
    const edits = [edit(1, 3, '', list), edit(3, 5, '', list), edit(8, 9, 'x'), edit(4, 5, 'y')];
    expect(applyEdits('[a, b]: c', edits)).toEqual({ text: '[ b]: x', count: 2 });
  });

  it('are none where there is nothing to be done', () => {
    expect(applyEdits('abc', [])).toEqual({ text: 'abc', count: 0 });
  });
});
