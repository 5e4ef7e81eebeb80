import { describe, expect, it } from 'vitest';
import { clusterOf, reference, smallest } from '../../test/support/resolved.ts';
import type { Flow, Model } from '../validate/model.ts';
import { summariseCrossings } from './summarise-crossings.ts';

/** Each crossing on a line: sources > targets, or = between those that reach one another, and the flows. */
function crossingsOf(model: Model): string[] {
  return summariseCrossings(clusterOf(model)).map(({ from, to, isMutual, flows }) => {
    const ends = isMutual ? from.join(' = ') : `${from.join(' ')} > ${to.join(' ')}`;
    return `${ends}: ${flows.map(({ ports, text }) => `${ports} ${text}`).join('; ')}`;
  });
}

/** The smallest cluster with a second network and these flows; only what they add. */
function added(...flows: readonly Flow[]): string[] {
  const networks = {
    ...smallest.networks,
    data: { cidr: '10.17.5.0/24', bridge: 'virbr_data', mode: 'open' as const },
    office: {
      cidr: '192.168.1.0/24',
      bridge: 'br0',
      mode: 'bridge' as const,
      router: { ip: '192.168.1.1', owner: 'outside' as const },
    },
  };
  const model = { ...smallest, networks };
  const before = new Set(crossingsOf(model));
  return crossingsOf({ ...model, firewall: { flows: [...flows] } }).filter((line) => !before.has(line));
}

describe('what crosses the firewall', () => {
  it('of the smallest cluster is the API, both ways, and the way out', () => {
    expect(crossingsOf(smallest)).toEqual([
      'lan > kube: 6443 api to its backends',
      'kube > lan: 6443 Kubernetes API at its VIP',
      'kube > internet: all ports egress',
    ]);
  });

  it('of the reference is a few lines for many pairs', () => {
    const [lan, services, kube] = ['kube_network_01', 'kube_network_02', 'kube_network_03'];
    expect(crossingsOf(reference)).toEqual([
      `${lan} > ${kube}: 6443 api to its backends; 6443 kubectl straight to a master`,
      `${kube} > ${lan}: 6443 Kubernetes API at its VIP`,
      `${lan} ${kube} > ${services}: 53, 53/udp DNS; 123/udp time`,
      `${services} > ${lan}: 53, 53/udp DNS`,
      `${services} ${kube} > internet: all ports egress`,
      `${services} = ${kube}: all ports the cluster's networks trust one another`,
      `${services} ${kube} > ${lan}: all ports the cluster's networks trust one another`,
    ]);
  });

  it.each<[string, Flow[], string[]]>([
    [
      'networks that all reach one another are one line',
      [{ from: ['kube', 'data', 'lan'], to: ['lan', 'kube', 'data'], ports: [22], comment: 'ssh' }],
      ['data = kube = lan: 22 ssh'],
    ],
    [
      'a flow without a comment is called by its ends',
      [{ from: 'kube', to: 'data', ports: [5432] }],
      ['kube > data: 5432 kube to data'],
    ],
    ['what no hypervisor routes does not cross', [{ from: 'lan', to: 'office', ports: [80] }], []],
    ['what stays in one network does not cross', [{ from: 'master', to: 'worker', ports: [80] }], []],
    ['the hypervisor is no other side', [{ from: 'kube', to: 'kvm1', ports: [22] }], []],
    [
      'an address in no network is outside',
      [{ from: '203.0.113.7', to: 'data', ports: [80], comment: 'web' }],
      ['internet > data: 80 web'],
    ],
    [
      'an address in a network is that network',
      [{ from: '192.168.0.7', to: 'data', ports: [80], comment: 'web' }],
      ['lan > data: 80 web'],
    ],
    [
      'a prefix around networks is these and the outside',
      [{ from: '192.168.0.0/16', to: 'data', ports: [80], comment: 'web' }],
      ['internet lan office > data: 80 web'],
    ],
    [
      'a VIP is in the network of its members',
      [{ from: 'data', to: 'api', ports: [6443], comment: 'API' }],
      ['data > lan: 6443 API'],
    ],
    [
      'flows that are said twice are shown once',
      [
        { from: 'kube', to: 'data', ports: [80], comment: 'web' },
        { from: 'worker', to: 'data', ports: [80], comment: 'web' },
      ],
      ['kube > data: 80 web'],
    ],
  ])('%s', (_name, flows, lines) => {
    expect(added(...flows)).toEqual(lines);
  });

  it('has no way out where no bridge has an uplink', () => {
    const hypervisors = { kvm1: { bridges: { br0: { ip: '192.168.0.40' } } } };
    const router = { ip: '192.168.0.1', owner: 'outside' };
    const lan = { cidr: '192.168.0.0/24', bridge: 'br0', mode: 'bridge' as const, router };
    const networks = { ...smallest.networks, lan };
    expect(crossingsOf({ ...smallest, hypervisors, networks })).not.toContainEqual(
      expect.stringContaining('internet'),
    );
  });
});
