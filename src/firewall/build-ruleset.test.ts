import { describe, expect, it } from 'vitest';
import { compileText } from '../../test/support/compile.ts';
import { buildRuleset } from './build-ruleset.ts';

const TWO_SITES = `schemaVersion: 1
name: sites
domain: kube.internal
kubernetes: k3s
controller: 172.31.0.9
hypervisors:
  north: { bridges: { br0: { uplink: eno1, ip: 192.168.0.40 } } }
  south: { bridges: { br0: { uplink: eno1, ip: 192.168.0.40 } } }
networks:
  kube: { cidr: 10.17.4.0/24, bridge: virbr_kube, on: north, mode: open }
  lan1: { cidr: 192.168.0.0/24, bridge: br0, on: north, mode: bridge, router: 192.168.0.1 }
  lan2: { cidr: 192.168.0.0/23, bridge: br0, on: south, mode: bridge, router: 192.168.0.1 }
  tools1: { cidr: 10.17.8.0/24, bridge: virbr_tools, on: north, mode: nat }
  tools2: { cidr: 10.17.8.0/24, bridge: virbr_tools, on: south, mode: nat }
nodes:
  lb1: { role: load-balancer, network: lan1, ip: 192.168.0.50 }
  lb2: { role: load-balancer, network: lan1, ip: 192.168.0.51 }
  master1: { role: master, network: kube, ip: 10.17.4.21 }
vips:
  api: { ip: 192.168.0.55, members: [lb1, lb2], port: 6443, backends: master }
`;

describe('the ruleset of a hypervisor', () => {
  it('has each address in a set of ranges once, where ranges at two sites overlap', () => {
    const cluster = compileText(TWO_SITES);
    const [hypervisor] = cluster.hypervisors;
    if (hypervisor === undefined) throw new Error('no hypervisor');
    const { sets } = buildRuleset({ cluster, hypervisor });
    const networks = sets.find(({ name }) => name === 'networks');
    expect(networks?.elements.map(({ value, comment }) => `${value} ${comment}`)).toEqual([
      '10.17.4.0/24 kube',
      '192.168.0.0/23 lan2',
      '10.17.8.0/24 tools1',
    ]);
  });
});
