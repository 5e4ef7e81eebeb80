import { readFileSync } from 'node:fs';
import { assert, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitraryModel } from '../../test/support/arbitrary-model.ts';
import { clusters } from '../../test/support/clusters.ts';
import { compileText, SMALLEST } from '../../test/support/compile.ts';
import { inProject } from '../../test/support/paths.ts';
import { clusterOf } from '../../test/support/resolved.ts';
import { compileSource } from '../pipeline.ts';
import { renderArtifacts } from '../render/render-artifacts.ts';
import { renderers } from '../render/renderers/index.ts';
import type { Cluster } from '../resolve/cluster.ts';
import { formatResolved } from './format-resolved.ts';

function resolvedText(text: string): string {
  const { cluster, model } = compileSource('cluster.yaml', Buffer.from(text));
  if (cluster === undefined || model === undefined) throw new Error('no cluster');
  return formatResolved(cluster, model);
}

const treeOf = (cluster: Cluster) => renderArtifacts(cluster, renderers, 'cluster.yaml');

describe('the resolved model', () => {
  it.each([...clusters.map(({ model }) => model), inProject('test/models/full.yaml')])(
    'of %s builds the same tree',
    (file) => {
      const text = readFileSync(file, 'utf8');
      expect(treeOf(compileText(resolvedText(text)))).toEqual(treeOf(compileText(text)));
    },
  );

  it('of any model builds the same tree', () => {
    assert(
      property(arbitraryModel, (model) => {
        const cluster = clusterOf(model);
        expect(treeOf(compileText(formatResolved(cluster, model)))).toEqual(treeOf(cluster));
      }),
      { numRuns: 10 },
    );
  });

  it('marks what was not said, and only that', () => {
    const lines = resolvedText(SMALLEST)
      .split('\n')
      .map((line) => line.trim());
    expect(lines).toEqual(
      expect.arrayContaining([
        'distribution: k3s',
        'podCidr: 10.42.0.0/16 # default',
        'controller: kvm1 # default',
        'ip: 192.168.0.1',
        'owner: outside # default',
        'ip: 10.17.4.1 # default',
        'owner: kvm1 # default',
        'vrid: 55 # default',
        'lb1: 150 # default',
        'lb2: 140 # default',
        'preempt: false # default',
        'advertInterval: 0.2 # default',
        'path: /etc/nftables/home.conf # default',
      ]),
    );
    expect(resolvedText(resolvedText(SMALLEST))).not.toContain('# default\n');
  });
});
