import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryModel } from '../../../test/support/arbitrary-model.ts';
import { clusters } from '../../../test/support/clusters.ts';
import { contrastOf } from '../../../test/support/contrast.ts';
import { readPicture } from '../../../test/support/picture.ts';
import { faultsOf } from '../../../test/support/picture-faults.ts';
import { clusterOf, modelIn, reference, reversed, smallest } from '../../../test/support/resolved.ts';
import type { Cluster } from '../../resolve/cluster.ts';
import { renderArtifacts } from '../render-artifacts.ts';
import { reach } from './reach.ts';

function pictureOf(cluster: Cluster): string {
  const [artifact] = renderArtifacts(cluster, [reach], 'cluster.yaml');
  return artifact?.content ?? '';
}

/** What the cells of a picture show, row by row, with who asks. */
function gridOf(svg: string): string[] {
  const { texts } = readPicture(svg);
  const looks = ['letter', 'delivered', 'stopped', 'missing'];
  const cells = texts.filter(({ classes }) => classes.some((look) => looks.includes(look)));
  const askers = texts.filter(({ classes }) => classes.includes('name'));
  const rows = askers.map((asker) => [
    asker.full,
    ...cells.filter(({ top }) => Math.abs(top - asker.top) < 10).map(({ text }) => text),
  ]);
  return rows.map((row) => row.join(' | '));
}

describe('the picture of who reaches what', () => {
  it.each(clusters)(
    'of the $name cluster has no label that overlaps another or leaves its box',
    ({ model }) => {
      expect(faultsOf(readPicture(pictureOf(clusterOf(modelIn(model)))))).toEqual([]);
    },
  );

  it('of any cluster is well-formed, and nothing in it overlaps', () => {
    const sees = fc.property(arbitraryModel, (model) => {
      expect(faultsOf(readPicture(pictureOf(clusterOf(model))))).toEqual([]);
    });
    fc.assert(sees, { numRuns: 25, seed: 2 });
  }, 120_000);

  it('shows who reaches what, and what stops the others', () => {
    const svg = pictureOf(clusterOf(smallest));
    expect(gridOf(svg)).toEqual(['nodes, kvm1 | yes | yes', 'others on lan | yes | no 1']);
    expect(readPicture(svg).texts.map(({ text }) => text)).toEqual(
      expect.arrayContaining([
        'api:6443',
        'master1:6443',
        'the router of "lan" has no route there (networks.lan.router)',
      ]),
    );
  });

  it('is the same for a model with its keys in another order', () => {
    for (const model of [reference, smallest])
      expect(pictureOf(clusterOf(reversed(model)))).toBe(pictureOf(clusterOf(model)));
  });

  it('is wider than others where there is much to ask', () => {
    const ports = Array.from({ length: 40 }, (_, index) => [
      { from: 'worker', to: 'lb1', ports: [2000 + index] },
      { from: 'lb2', to: 'worker', ports: [3000 + index] },
    ]).flat();
    const rules = Array.from({ length: 40 }, (_, index) => ({
      ...{ chain: 'forward' as const, before: 'flows' as const },
      rule: `ip saddr 10.17.4.21 tcp dport ${2000 + index} drop`,
    }));
    const picture = readPicture(pictureOf(clusterOf({ ...smallest, firewall: { flows: ports, rules } })));
    expect(picture.canvas.right).toBeGreaterThan(880);
    expect(faultsOf(picture)).toEqual([]);
  });
});

/** Which text stands on which box. */
const ON = [
  ['title', 'paper'],
  ['fact', 'paper'],
  ['name', 'panel'],
  ['note', 'panel'],
  ['chip', 'panel'],
  ...['letter', 'delivered', 'stopped', 'missing'].map((look) => [look, look]),
] as const;

describe.each(['light', 'dark'] as const)('in a %s page', (scheme) => {
  const { css } = readPicture(pictureOf(clusterOf(smallest)));

  it('every text has the contrast to its box that WCAG 2.2 asks of texts of this size (1.4.3)', () => {
    const faint = ON.filter(([text = '', box = '']) => contrastOf(css, scheme, { text, box }) < 4.5);
    expect(faint).toEqual([]);
  });
});
