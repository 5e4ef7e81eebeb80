import { describe, expect, it } from 'vitest';
import { renderCluster } from '../src/pipeline.ts';
import { compileText, SMALLEST } from './support/compile.ts';
import { unrelated } from './support/metamorphic/about.ts';
import { makeHistories } from './support/metamorphic/histories.ts';
import { unitsOf } from './support/metamorphic/units.ts';

const unitsOfText = async (text: string) => unitsOf(await renderCluster(compileText(text), 'cluster.yaml'));

// 500 histories are made in test/command/metamorphic.test.ts, which take their time.
describe('an edit of a model', () => {
  it('changes what it is about, and nothing else', async () => {
    const made = await makeHistories(4);
    expect(made.size).toBeGreaterThan(2);
  });

  it('of another thing is seen', async () => {
    const [before, after] = await Promise.all([
      unitsOfText(SMALLEST),
      unitsOfText(SMALLEST.replace('ip: 10.17.4.24', 'ip: 10.17.4.25')),
    ]);
    const isAbout = (unit: string) => unit.includes('master1');
    expect(unrelated(before, after, { isAbout, tokens: ['master1'] })).toEqual([
      '- README.md > ## Nodes > | worker1 | worker | kube | 10.17.4.24 (static) |  | Rocky Linux 9 |  |',
      '+ README.md > ## Nodes > | worker1 | worker | kube | 10.17.4.25 (static) |  | Rocky Linux 9 |  |',
    ]);
  });
});
