import { describe, expect, it } from 'vitest';
import { lowest, rowChoices } from './row-choices.ts';

// Numbers that are as wide as they are heavy; ten fit in a row.
const rules = {
  fits: (row: readonly number[]) => row.reduce((sum, item) => sum + item, 0) <= 10,
  weigh: (item: number) => item,
};

describe('the arrangements in rows', () => {
  it('begin with as many beside each other as fit', () => {
    expect(rowChoices([3, 4, 3, 5], [], rules)[0]).toEqual([[3, 4, 3], [5]]);
  });

  it('give the heaviest a row of its own', () => {
    expect(rowChoices([3, 5, 4, 3], [], rules)).toContainEqual([[3, 4, 3], [5]]);
  });

  it('have the pinned ones at the right of the first row, also without others beside them', () => {
    const choices = rowChoices([3, 4], [5], rules);
    expect(choices).toContainEqual([[3, 5], [4]]);
    expect(choices).toContainEqual([[5], [3, 4]]);
  });

  it('hold every item once, also one that fits nowhere', () => {
    for (const rows of rowChoices([3, 20, 4, 9, 1], [6, 8], rules)) {
      expect(rows.flat().sort((a, b) => a - b)).toEqual([1, 3, 4, 6, 8, 9, 20]);
      expect(rows.every((row) => row.length > 0)).toBe(true);
    }
  });

  it('are compared by height, and a row more has to save some', () => {
    const one = { height: 500, rows: 1 };
    expect(lowest([one, { height: 460, rows: 2 }])).toBe(one);
    const two = { height: 400, rows: 2 };
    expect(lowest([one, two])).toBe(two);
  });
});
