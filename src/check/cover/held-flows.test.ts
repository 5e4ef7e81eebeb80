import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flowLists, judged, superfluous } from '../../../test/support/flow-oracle.ts';

describe('flows that others hold', () => {
  it('are those that no packet needs, traced through the rulesets of random lists; more in test/command', () => {
    fc.assert(
      fc.property(flowLists, (list) => {
        expect(judged(list)).toEqual(superfluous(list));
      }),
      { numRuns: 60, seed: 4 },
    );
  });
});
