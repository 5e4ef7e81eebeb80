import { describe, expect, it } from 'vitest';
import { compileText, TWO_HOSTS } from '../../test/support/compile.ts';
import { inProject } from '../../test/support/paths.ts';
import { clusterOf, modelIn, reference, smallest } from '../../test/support/resolved.ts';
import type { Model } from '../validate/model.ts';
import { buildTopology } from './build-topology.ts';
import { drawPicture } from './picture/draw-picture.ts';
import { toDot } from './to-dot.ts';
import { lanesOf } from './topology.ts';

function segmentsOf(model: Model) {
  return buildTopology(clusterOf(model)).hosts.flatMap(({ segments }) => segments);
}

/** The groups of a network: roles, nodes, VIPs. */
function groupsOf(model: Model, network: string): string[] {
  const boxes = segmentsOf(model).flatMap(({ networks }) => networks);
  const groups = boxes.find(({ name }) => name === network)?.groups ?? [];
  return groups.map(({ roles, nodes, vips }) =>
    [roles, nodes.map(({ name }) => name).join(' '), ...vips.map(({ name }) => name)].join(' | '),
  );
}

describe('the topology', () => {
  it('of the reference has all networks on one bridge', () => {
    expect(segmentsOf(reference)).toMatchObject([
      {
        bridge: 'br0',
        kind: 'Open vSwitch',
        uplink: 'enp4s0f1',
        ip: '192.168.0.40',
        networks: [
          { name: 'kube_network_01', router: { ip: '192.168.0.1', isOutside: true, returnRoute: false } },
          { name: 'kube_network_02', router: { ip: '10.17.3.1', isOutside: false } },
          { name: 'kube_network_03', router: { ip: '10.17.4.1', isOutside: false } },
        ],
      },
    ]);
  });

  it('names the modes of libvirt that are not open', () => {
    const kinds = segmentsOf(modelIn(inProject('test/models/modes.yaml'))).map(({ bridge, kind }) => [
      bridge,
      kind,
    ]);
    expect(kinds).toEqual([
      ['virbr_data', "libvirt's bridge, route mode"],
      ['virbr_kube', "libvirt's bridge"],
      ['virbr_tools', "libvirt's bridge, nat mode"],
      ['virbr_vault', "libvirt's bridge, isolated mode"],
      ['br0', 'Linux bridge'],
    ]);
  });

  it('has a segment for each VLAN, with the address that the hypervisor has there', () => {
    expect(segmentsOf(modelIn(inProject('test/models/vlans.yaml')))).toMatchObject([
      { bridge: 'br0', ip: '192.168.0.40', networks: [{ name: 'lan' }] },
      { bridge: 'br0 VLAN 10', uplink: 'enp4s0f1', ip: '10.17.4.1', networks: [{ name: 'kube' }] },
      { bridge: 'br0 VLAN 20', uplink: 'enp4s0f1', ip: undefined, networks: [{ name: 'office' }] },
    ]);
  });

  it('of the smallest cluster has two bridges, the one that leads outside last', () => {
    expect(segmentsOf(smallest)).toMatchObject([
      {
        bridge: 'virbr_kube',
        kind: "libvirt's bridge",
        uplink: undefined,
        ip: '10.17.4.1',
        networks: [{ name: 'kube' }],
      },
      { bridge: 'br0', kind: 'Linux bridge', uplink: 'enp4s0f1', networks: [{ name: 'lan' }] },
    ]);
  });

  it('has a bridge that nothing is on', () => {
    const { br0 } = smallest.hypervisors['kvm1']?.bridges ?? {};
    const hypervisors = { kvm1: { bridges: { br0: { ...br0 }, br9: {} } } };
    expect(segmentsOf({ ...smallest, hypervisors })).toContainEqual(
      expect.objectContaining({ bridge: 'br9', networks: [] }),
    );
  });

  it('groups nodes by role, in the order in which a request meets them', () => {
    expect(groupsOf(reference, 'kube_network_01')).toEqual(['load-balancer | k8s-api-lb | api']);
    expect(groupsOf(reference, 'kube_network_02')).toEqual([
      'ingress | load-balancer1 load-balancer2',
      'database | postgresql1',
      'infra | infra-cluster',
    ]);
    expect(groupsOf(reference, 'kube_network_03')).toEqual([
      'master | master1 master2 master3',
      'worker | worker1 worker2 worker3',
      'storage | storage1',
    ]);
  });

  it('puts VIPs that share a member together, and nodes of several roles in a group of their own', () => {
    const web = { ip: '192.168.0.56', members: ['lb2', 'lb3'], port: 443, backends: 'worker' };
    const other = { ip: '192.168.0.57', members: ['lb4'], port: 53, backends: 'worker' };
    const lb = (last: number) => ({
      role: ['load-balancer', 'dns'],
      network: 'lan',
      ip: `192.168.0.${last}`,
    });
    const nodes = { ...smallest.nodes, lb3: lb(52), lb4: lb(53), lb5: lb(54) };
    const model = { ...smallest, nodes, vips: { ...smallest.vips, web, other } };
    expect(groupsOf(model, 'lan')).toEqual([
      'load-balancer; dns, load-balancer | lb1 lb2 lb3 | api | web',
      'dns, load-balancer | lb4 | other',
      'dns, load-balancer | lb5',
    ]);
  });

  it('names the members of a VIP in the order of priority', () => {
    const vips = { api: { ip: '192.168.0.55', port: 6443, backends: 'master', members: ['lb2', 'lb1'] } };
    const groups = segmentsOf({ ...smallest, vips }).flatMap(({ networks }) =>
      networks.flatMap((network) => network.groups),
    );
    expect(groups.flatMap((group) => group.vips)).toEqual([
      {
        name: 'api',
        ip: '192.168.0.55',
        members: ['lb2', 'lb1'],
        frontends: [{ port: 6443, backends: 'master', backendPort: 6443 }],
      },
    ]);
  });
});

describe('the topology of two hypervisors', () => {
  const topology = buildTopology(compileText(TWO_HOSTS));

  it('has the LAN on both, each with its own nodes and the bridge that it is joined with', () => {
    const lans = topology.hosts.map(({ segments }) => segments.at(-1));
    expect(lans).toMatchObject([
      {
        bridge: 'br0',
        joined: ['kvm2 br0'],
        networks: [{ id: 'lan', groups: [{ nodes: [{ id: 'lb1' }] }] }],
      },
      {
        bridge: 'br0',
        joined: ['kvm1 br0'],
        networks: [{ id: 'lan kvm2', groups: [{ nodes: [{ id: 'lb2' }] }, { nodes: [{ id: 'backup1' }] }] }],
      },
    ]);
  });

  it('has a VIP where members of its network are, be another member on the other hypervisor', () => {
    const apart = buildTopology(
      compileText(TWO_HOSTS.replace('members: [lb1, lb2]', 'members: [lb1, master2]')),
    );
    const lans = apart.hosts.map(({ segments }) => segments.at(-1)?.networks[0]?.groups);
    expect(lans).toMatchObject([
      [{ nodes: [{ id: 'lb1' }], vips: [{ name: 'api' }] }],
      [
        { nodes: [{ id: 'lb2' }], vips: [] },
        { nodes: [{ id: 'backup1' }], vips: [] },
      ],
    ]);
    expect(drawPicture(apart).height).toBeGreaterThan(0);
  });

  it('has one lane for the LAN', () => {
    expect(lanesOf(topology)).toEqual(['kube1', 'lan', 'kube2', 'internet']);
  });

  it('is drawn with everything once', () => {
    const drawn = toDot(topology).match(/^ *"[^"]+" \[shape=.*$/gm) ?? [];
    expect(drawn.length).toBeGreaterThan(8);
    expect(new Set(drawn).size).toBe(drawn.length);
  });
});
