import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildTree, clusters } from '../../support/clusters.ts';
import { inProject } from '../../support/paths.ts';
import { requireTools } from '../../support/require-tools.ts';
import { networkState } from './network-state.ts';

describe('a guest with Flatcar', () => {
  it.for([
    { cluster: 0, node: 'master1', mac: '52:54:00:c6:ba:3c', address: '10.17.4.21/24' },
    { cluster: 0, node: 'storage1', mac: '52:54:00:12:fe:92', address: '10.17.4.27/24' },
    { cluster: 2, node: 'master3', mac: '52:54:00:77:77:77', address: '10.17.4.23/24' },
  ])(
    '$node gets $address from systemd-networkd on the card that is its',
    async ({ cluster, node, mac, address }, context) => {
      requireTools(context, ['ip', 'unshare'], { root: true });
      const state = await networkState(join(clusters[cluster]?.tree ?? '', 'guests', node), {
        mac,
        interface: 'ens3',
      });
      expect(state).toEqual({ addresses: [address], routes: ['default via 10.17.4.1'] });
    },
  );

  it('has no default route in an isolated network', async (context) => {
    requireTools(context, ['ip', 'unshare'], { root: true });
    const tree = buildTree(inProject('test/models/modes.yaml'));
    const card = { mac: '52:54:00:77:77:77', interface: 'enp1s0' };
    const state = await networkState(join(tree, 'guests/vault3'), card);
    expect(state).toEqual({ addresses: ['10.17.7.53/24'], routes: [] });
  });

  it('reaches a router on the link that is not in its range', async (context) => {
    requireTools(context, ['ip', 'unshare'], { root: true });
    const tree = buildTree(inProject('test/cases/ok/router-on-the-link/cluster.yaml'));
    const card = { mac: '52:54:00:00:00:70', interface: 'enp1s0' };
    const state = await networkState(join(tree, 'guests/mirror1'), card);
    expect(state.routes).toEqual(['10.17.4.0/24 via 203.0.113.66', 'default via 172.31.1.1']);
  });

  it('leaves the card of somebody else alone', async (context) => {
    requireTools(context, ['ip', 'unshare'], { root: true });
    const folder = join(clusters[0].tree, 'guests/master1');
    const state = await networkState(folder, {
      mac: '52:54:00:00:00:99',
      interface: 'ens3',
      patienceSeconds: 3,
    });
    expect(state).toEqual({ addresses: [], routes: [] });
  });

  it('without a MAC address takes its only card', async (context) => {
    requireTools(context, ['ip', 'unshare'], { root: true });
    const tree = buildTree(inProject('test/models/reservations.yaml'));
    const state = await networkState(join(tree, 'guests/worker2'), {
      mac: '52:54:00:77:77:77',
      interface: 'enp1s0',
    });
    expect(state).toEqual({ addresses: ['10.17.4.25/24'], routes: ['default via 10.17.4.1'] });
  });
});
