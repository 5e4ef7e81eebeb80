import { describe, expect, it } from 'vitest';
import { mistakesIn } from '../../test/support/compile.ts';
import { inProject } from '../../test/support/paths.ts';
import { clusterOf, modelIn } from '../../test/support/resolved.ts';
import { buildRuleset } from '../firewall/build-ruleset.ts';
import { Cidr } from '../net/cidr.ts';
import { bridgeAddresses, dnsServersOf, nodeRoutes } from './addressing.ts';
import type { Cluster, Network } from './cluster.ts';
import { letsOpen } from './modes.ts';
import { nameOf } from './name-of.ts';

const modes = modelIn(inProject('test/models/modes.yaml'));
const vlans = modelIn(inProject('test/models/vlans.yaml'));

function find<T extends { readonly name: string }>(all: readonly T[], name: string): T {
  const found = all.find((one) => one.name === name);
  if (found === undefined) throw new Error(`nothing is named ${name}`);
  return found;
}

/** What each network's guests ask for names. */
function dnsOf({ networks }: Cluster): Record<string, string> {
  return Object.fromEntries(networks.map(({ name, dns }) => [name, dns.join(' ')]));
}

/** The networks from where the DNS server infra1 has to answer, with the nodes that do not ask it. */
function askedBy({ verifications }: Cluster): Record<string, string[]> {
  const asked = verifications.filter(({ to }) => nameOf(to) === 'infra1');
  return Object.fromEntries(asked.map(({ from, except }) => [nameOf(from), except.map(({ name }) => name)]));
}

function routesOf(cluster: Cluster, node: string): string[] {
  return nodeRoutes(cluster, find(cluster.nodes, node)).map(({ to, via }) => `${to} via ${via}`);
}

describe("what libvirt's rules let open", () => {
  const all: Network['mode'][] = ['bridge', 'open', 'route', 'nat', 'isolated'];

  it.each<[from: Network['mode'] | undefined, to: (Network['mode'] | undefined)[]]>([
    [undefined, ['bridge', 'open', 'route', undefined]],
    ['bridge', ['bridge', 'open', 'route', undefined]],
    ['open', ['bridge', 'open', 'route', undefined]],
    ['route', ['bridge', 'open', 'route', undefined]],
    ['nat', ['bridge', 'open', 'route', undefined]],
    ['isolated', []],
  ])('from %s: %j', (from, to) => {
    const moded = (mode: Network['mode'] | undefined) => (mode === undefined ? undefined : { mode });
    expect([...all, undefined].filter((mode) => letsOpen(moded(from), moded(mode)))).toEqual(to);
  });
});

describe('with a network of each mode', () => {
  const cluster = clusterOf(modes);

  it('nodes beside an outside router get routes to what can be entered', () => {
    expect(routesOf(cluster, 'lb1')).toEqual([
      '10.17.5.0/24 via 192.168.0.40',
      '10.17.15.0/24 via 192.168.0.40',
      '10.17.4.0/24 via 192.168.0.40',
    ]);
  });

  it('what libvirt masquerades is none of ours', () => {
    const { chains } = buildRuleset({ cluster, hypervisor: find(cluster.hypervisors, 'kvm1') });
    const rules = find(chains, 'postrouting').rules.flatMap((rule) => ('verbatim' in rule ? [] : [rule]));
    expect(rules.map(({ verdict, comment }) => `${verdict}: ${comment}`).slice(0, 2)).toEqual([
      'return: not ours',
      'return: libvirt masquerades tools',
    ]);
    expect(rules[1]?.matches).toEqual([{ on: 'address', key: 'saddr', value: [Cidr.of('10.17.6.0/24')] }]);
  });

  it('all but the isolated one go out', () => {
    const egress = cluster.flows.find(({ reason }) => reason === 'egress');
    expect(egress?.from.map(nameOf)).toEqual(['data', 'kube', 'tools']);
  });

  it('guests ask the DNS server that they can reach, or their router', () => {
    const infra1 = '10.17.4.11';
    expect(dnsOf(cluster)).toEqual({
      data: infra1,
      kube: infra1,
      lan: infra1,
      tools: infra1,
      vault: '10.17.7.1',
    });
  });

  it('a DNS server in a network that cannot be entered is asked from there only', () => {
    const { infra1 } = modes.nodes;
    if (infra1 === undefined) throw new Error('no infra1');
    const moved = { ...infra1, network: 'vault', ip: '10.17.7.11' };
    const other = clusterOf({ ...modes, nodes: { ...modes.nodes, infra1: moved } });
    expect(dnsOf(other)).toMatchObject({ kube: '10.17.4.1', tools: '10.17.6.1', vault: '10.17.7.11' });
    expect(dnsServersOf(find(other.nodes, 'infra1')).map(String)).toEqual(['10.17.7.1']);
    expect(askedBy(other)).toEqual({ vault: [] });
  });

  it('a DNS server is asked from each network with a way to it, but not by nodes whose own address is elsewhere', () => {
    const card = (network: string, ip: string) => ({ network, ip });
    const inVault = { eth0: card('vault', '10.17.7.61'), eth1: card('data', '10.17.5.61') };
    const inData = { eth0: card('data', '10.17.5.62'), eth1: card('vault', '10.17.7.62') };
    const cards = { one: { role: 'cards', nics: inVault }, two: { role: 'cards', nics: inData } };
    const other = clusterOf({ ...modes, nodes: { ...modes.nodes, ...cards } });
    expect(askedBy(other)).toEqual({ data: ['one'], kube: [], lan: [], tools: [] });
  });
});

describe('with VLANs', () => {
  const saidNetwork = (name: string) => {
    const said = vlans.networks[name];
    if (said === undefined) throw new Error(`no network ${name}`);
    return said;
  };

  it('the bridge itself has no address of a tagged network', () => {
    const cluster = clusterOf(vlans);
    const addresses = cluster.hypervisors.flatMap((hypervisor) =>
      hypervisor.bridges.flatMap((bridge) => bridgeAddresses(cluster, { hypervisor, bridge })),
    );
    expect(addresses.map(({ ip }) => String(ip))).toEqual(['192.168.0.40']);
  });

  it('nodes behind another router have no route by the hypervisor, which is not there', () => {
    expect(routesOf(clusterOf(vlans), 'desk1')).toEqual([]);
  });

  it.each([
    { returnRoute: false, known: ['192.168.0.50', '192.168.0.55'] },
    { returnRoute: true, known: ['10.17.8.61', '192.168.0.50', '192.168.0.55'] },
  ])(
    'what goes to them is masqueraded unless their router knows the way back: $returnRoute',
    ({ returnRoute, known }) => {
      const office = { ...saidNetwork('office'), router: { owner: 'outside' as const, returnRoute } };
      const cluster = clusterOf({ ...vlans, networks: { ...vlans.networks, office } });
      const { sets, chains } = buildRuleset({ cluster, hypervisor: find(cluster.hypervisors, 'kvm1') });
      const { elements } = find(sets, 'outside_nodes');
      expect(elements.map(({ value }) => String(value)).sort()).toEqual(known);
      expect(find(chains, 'postrouting').rules.at(-1)).toMatchObject({
        verdict: 'masquerade',
        comment: 'out of br0',
      });
    },
  );

  it("an address of the bridge lies in none of its VLANs' networks", () => {
    const lan = { ...saidNetwork('lan'), vlan: 5 };
    expect(mistakesIn(JSON.stringify({ ...vlans, networks: { ...vlans.networks, lan } }))).toEqual([
      expect.stringContaining('address-outside-network: 192.168.0.40 lies in no network on the bridge "br0"'),
    ]);
  });
});
