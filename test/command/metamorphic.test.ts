import { expect, it } from 'vitest';
import { makeHistories } from '../support/metamorphic/histories.ts';

it(
  'in 500 histories of random clusters an edit changes what it is about, and nothing else',
  { timeout: 900_000 },
  async () => {
    const made = await makeHistories(500);
    expect([...made.keys()].sort()).toEqual([
      'add flow',
      'add network',
      'add node',
      'remove flow',
      'remove network',
      'remove node',
      'rename node',
      'reorder',
    ]);
    expect(Math.min(...made.values())).toBeGreaterThan(50);
  },
);
