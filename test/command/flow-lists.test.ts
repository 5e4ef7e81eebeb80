import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { flowLists, judged, superfluous } from '../support/flow-oracle.ts';

const LISTS = 5_000;

it(
  `what is superfluous in ${LISTS} random lists of flows is what no packet needs`,
  { timeout: 600_000 },
  () => {
    const found = { lists: 0, flows: 0, entries: 0 };
    fc.assert(
      fc.property(flowLists, (list) => {
        const traced = superfluous(list);
        expect(judged(list)).toEqual(traced);
        found.lists += 1;
        found.flows += traced.flows.length;
        found.entries += traced.entries.length;
      }),
      { numRuns: LISTS, seed: 6 },
    );
    console.log(
      `${found.lists} lists, ${found.flows} superfluous flows, ${found.entries} superfluous entries, 0 disagreements`,
    );
    expect(found.flows).toBeGreaterThan(LISTS / 4);
    expect(found.entries).toBeGreaterThan(LISTS / 4);
  },
);
