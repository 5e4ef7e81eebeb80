import { describe, expect, it } from 'vitest';
import { inProject } from '../../test/support/paths.ts';
import { clusterOf, modelIn } from '../../test/support/resolved.ts';
import { buildRuleset } from '../firewall/build-ruleset.ts';
import { hypervisorAddresses } from '../firewall/places.ts';
import { subnetOf } from './subnets.ts';

/** Its network `data` has 10.17.5.0/24, where libvirt serves DHCP, and 10.17.15.0/24. */
const cluster = clusterOf(modelIn(inProject('test/models/modes.yaml')));
const [hypervisor] = cluster.hypervisors;
if (hypervisor === undefined) throw new Error('no hypervisor');

const databases = cluster.nodes.filter(({ roles }) => roles.includes('database'));

describe('a network with two ranges', () => {
  it('hands out addresses in the first, whoever has a MAC address', () => {
    expect(databases.map(({ name, ip, addressing }) => `${name} ${ip} ${addressing}`)).toEqual([
      'db1 10.17.5.31 reserved',
      'db2 10.17.5.32 static',
      'db3 10.17.15.33 static',
    ]);
  });

  it('has a router in each', () => {
    expect(databases.map(({ network, ip }) => subnetOf(network, ip)?.router.toString())).toEqual([
      '10.17.5.1',
      '10.17.5.1',
      '10.17.15.1',
    ]);
    expect(hypervisorAddresses(cluster, hypervisor).map(String)).toContain('10.17.15.1');
  });

  it('is routed and filtered as a whole', () => {
    const { sets } = buildRuleset({ cluster, hypervisor });
    const routed = sets.find(({ name }) => name === 'cluster_networks')?.elements ?? [];
    expect(routed.filter(({ comment }) => comment === 'data').map(({ value }) => String(value))).toEqual([
      '10.17.5.0/24',
      '10.17.15.0/24',
    ]);
  });
});
