import { PortRange } from '../net/port-range.ts';
import type { Cluster, Flow, Network, Place } from '../resolve/cluster.ts';
import { crosses, matchPlace, ownBridges, roleSet, routedNetworks, SEGMENT_ONLY } from './places.ts';
import type { Chain, Match, NamedSet, Rule, Ruleset, Verdict } from './ruleset.ts';

/**
 * The hypervisor's firewall: one table that decides about the cluster's own interfaces and addresses and lets
 * everything else pass, so that it can stand beside libvirt's and anybody else's.
 */
export function buildRuleset(cluster: Cluster): Ruleset {
  const chains = [
    forwardChain(cluster),
    clusterForwardChain(cluster),
    inputChain(cluster),
    clusterInputChain(cluster),
    postroutingChain(cluster),
  ];
  return {
    table: `gi_${cluster.name.replaceAll('-', '_')}`,
    sets: referencedSets(cluster, chains),
    chains: chains.filter(({ rules }) => rules.length > 0),
  };
}

const OURS: SetMatches = { interfaces: { set: 'cluster_interfaces' }, networks: { set: 'cluster_networks' } };
interface SetMatches {
  readonly interfaces: { readonly set: string };
  readonly networks: { readonly set: string };
}

/** Sends to `target` what belongs to the cluster on one side of a packet. */
function ours(cluster: Cluster, side: 'from' | 'to', target: string): Rule[] {
  const verdict: Verdict = { goto: target };
  const rules: Rule[] = [];
  if (ownBridges(cluster).length > 0) {
    const key = side === 'from' ? 'iifname' : 'oifname';
    rules.push({ matches: [{ on: 'interface', key, value: OURS.interfaces }], verdict, comment: '' });
  }
  if (routedNetworks(cluster).length > 0) {
    const key = side === 'from' ? 'saddr' : 'daddr';
    rules.push({ matches: [{ on: 'address', key, value: OURS.networks }], verdict, comment: '' });
  }
  return rules;
}

function forwardChain(cluster: Cluster): Chain {
  return {
    name: 'forward',
    hook: { type: 'filter', at: 'forward' },
    rules: [...ours(cluster, 'from', 'cluster_forward'), ...ours(cluster, 'to', 'cluster_forward')],
  };
}

function clusterForwardChain(cluster: Cluster): Chain {
  const rules = [
    ...stateRules(),
    ...routedNetworks(cluster).flatMap(bridgedRules),
    ...spoofRules(cluster),
    ...cluster.flows.flatMap((flow) => forwardRules(cluster, flow)),
    ...echoRules(cluster, ['cluster_networks', 'outside_nodes']),
    ...refusal(cluster, 'forward'),
  ];
  return { name: 'cluster_forward', rules: routedNetworks(cluster).length > 0 ? rules : [] };
}

function inputChain(cluster: Cluster): Chain {
  const rules = ours(cluster, 'from', 'cluster_input');
  const loopback: Rule = {
    matches: [{ on: 'interface', key: 'iifname', value: 'lo' }],
    verdict: 'accept',
    comment: '',
  };
  return {
    name: 'input',
    hook: { type: 'filter', at: 'input' },
    rules: rules.length > 0 ? [loopback, ...rules] : [],
  };
}

function clusterInputChain(cluster: Cluster): Chain {
  const rules = [
    ...stateRules(),
    ...ownBridges(cluster).flatMap(serviceRules),
    ...spoofRules(cluster),
    ...cluster.flows.flatMap((flow) => inputRules(cluster, flow)),
    ...echoRules(cluster, ['cluster_networks']),
    rule([{ on: 'group-addressed' }], 'drop', 'noise of the segment'),
    ...refusal(cluster, 'input'),
  ];
  return { name: 'cluster_input', rules: routedNetworks(cluster).length > 0 ? rules : [] };
}

function stateRules(): Rule[] {
  return [
    rule([{ on: 'state', states: ['established', 'related'] }], 'accept'),
    { ...rule([{ on: 'state', states: ['invalid'] }], 'drop'), counter: true },
  ];
}

/** Frames between two guests of one network: with br_netfilter they come this way, too. */
function bridgedRules({ name, bridge, cidr, mode }: Network): Rule[] {
  const through: Match[] = [
    { on: 'interface', key: 'iifname', value: bridge },
    { on: 'interface', key: 'oifname', value: bridge },
  ];
  if (mode !== 'bridge') return [rule(through, 'accept', `bridged inside ${name}`)];
  const source: Match = { on: 'address', key: 'saddr', value: [cidr] };
  return [
    rule(
      [...through, source, { on: 'address', key: 'daddr', value: [cidr, ...SEGMENT_ONLY] }],
      'accept',
      `bridged inside ${name}`,
    ),
  ];
}

/** A network's addresses come from its bridge, and from a bridge of its own nothing else comes. */
function spoofRules(cluster: Cluster): Rule[] {
  return routedNetworks(cluster).flatMap(({ name, bridge, cidr, mode }) => {
    const outside = rule(
      [
        { on: 'interface', key: 'iifname', not: true, value: bridge },
        { on: 'address', key: 'saddr', value: [cidr] },
      ],
      'drop',
      `spoofed: not from ${name}`,
    );
    const inside = rule(
      [
        { on: 'interface', key: 'iifname', value: bridge },
        { on: 'address', key: 'saddr', not: true, value: [cidr] },
      ],
      'drop',
      `spoofed: not of ${name}`,
    );
    return [outside, ...(mode === 'bridge' ? [] : [inside])].map((spoofed) => ({
      ...spoofed,
      counter: true,
    }));
  });
}

/** What libvirt serves on the bridges that it makes; a client without an address yet asks for one from 0.0.0.0. */
function serviceRules({ name, bridge, dhcp }: Network): Rule[] {
  const from: Match = { on: 'interface', key: 'iifname', value: bridge };
  const serve = (ports: readonly string[], what: string) =>
    ports.map((port) =>
      rule([from, { on: 'ports', ports: [PortRange.of(port)] }], 'accept', `${what} for ${name}`),
    );
  return [...(dhcp === undefined ? [] : serve(['67/udp'], 'DHCP')), ...serve(['53', '53/udp'], 'DNS')];
}

/** A flow's rules in the forward chain: one for each pair of places that it lets cross, and each protocol. */
function forwardRules(cluster: Cluster, flow: Flow): Rule[] {
  return pairsOf(flow)
    .filter(([from, to]) => to.kind !== 'hypervisor' && crosses(cluster, from, to))
    .flatMap(([from, to]) =>
      to.kind === 'internet'
        ? uplinks(cluster).flatMap((bridge) =>
            flowRules(cluster, {
              flow,
              from,
              to,
              extra: [{ on: 'interface', key: 'oifname', value: bridge }],
            }),
          )
        : flowRules(cluster, { flow, from, to, extra: [] }),
    );
}

/** A flow's rules in the input chain: what guests may open to the hypervisor itself. */
function inputRules(cluster: Cluster, flow: Flow): Rule[] {
  return pairsOf(flow)
    .filter(([from, to]) => to.kind === 'hypervisor' && from.kind !== 'hypervisor')
    .flatMap(([from, to]) => flowRules(cluster, { flow, from, to, extra: [] }));
}

function pairsOf({ from, to }: Flow): [Place, Place][] {
  const isEmpty = (place: Place) => place.kind === 'role' && place.role.nodes.length === 0;
  return from
    .flatMap((source) => to.map((target): [Place, Place] => [source, target]))
    .filter((pair) => !pair.some(isEmpty));
}

interface FlowPart {
  readonly flow: Flow;
  readonly from: Place;
  readonly to: Place;
  readonly extra: readonly Match[];
}

function flowRules(cluster: Cluster, { flow, from, to, extra }: FlowPart): Rule[] {
  const ends = [matchPlace(cluster, 'saddr', from), matchPlace(cluster, 'daddr', to), ...extra];
  const protocols = (['tcp', 'udp'] as const)
    .map((protocol) => flow.ports.filter((port) => port.protocol === protocol))
    .filter((ports) => ports.length > 0);
  const origin = flow.origin === undefined ? {} : { origin: flow.origin };
  if (protocols.length === 0) return [{ ...rule(ends, 'accept', flow.reason), ...origin }];
  return protocols.map((ports) => ({
    ...rule([...ends, { on: 'ports', ports }], 'accept', flow.reason),
    ...origin,
  }));
}

/** The host's bridges that lead out. */
function uplinks({ hypervisors }: Cluster): string[] {
  return hypervisors.flatMap(({ bridges }) =>
    bridges.filter(({ uplink }) => uplink !== undefined).map(({ name }) => name),
  );
}

/** The cluster's own may ping what they like. */
function echoRules(cluster: Cluster, sets: readonly ('cluster_networks' | 'outside_nodes')[]): Rule[] {
  const filled = sets.filter((set) => set === 'cluster_networks' || outsideNodes(cluster).length > 0);
  const from = (set: string): Match => ({ on: 'address', key: 'saddr', value: { set } });
  return filled.map((set) => ({ ...rule([from(set), { on: 'echo-request' }], 'accept', 'ping'), limit: 50 }));
}

function refusal(cluster: Cluster, where: string): Rule[] {
  return [
    rule([], { log: `gi ${cluster.name} ${where}: ` }),
    { ...rule([], 'reject', 'no flow lets it pass'), counter: true },
  ];
}

/** Traffic that leaves for where nobody knows the way back gets the hypervisor's address. */
function postroutingChain(cluster: Cluster): Chain {
  const hook = { type: 'nat', at: 'postrouting' } as const;
  const knowing = cluster.networks.filter(({ router }) => router.owner === 'outside' && router.returnRoute);
  const leaving = uplinks(cluster).filter((bridge) => !knowing.some((network) => network.bridge === bridge));
  if (routedNetworks(cluster).length === 0 || leaving.length === 0)
    return { name: 'postrouting', hook, rules: [] };
  const to = (value: Extract<Match, { on: 'address' }>['value']): Match => ({
    on: 'address',
    key: 'daddr',
    value,
  });
  const rules = [
    rule([{ on: 'address', key: 'saddr', not: true, value: OURS.networks }], 'return', 'not ours'),
    rule([to(OURS.networks)], 'return', 'inside the cluster'),
    rule([to(SEGMENT_ONLY)], 'return', 'never routed'),
    ...(outsideNodes(cluster).length > 0
      ? [rule([to({ set: 'outside_nodes' })], 'return', 'our nodes there know the way back')]
      : []),
    ...leaving.map((bridge) =>
      rule([{ on: 'interface', key: 'oifname', value: bridge }], 'masquerade', `out of ${bridge}`),
    ),
  ];
  return { name: 'postrouting', hook, rules };
}

/** Nodes and VIPs on networks whose router is outside: they have a route to the cluster's networks of their own. */
function outsideNodes({ nodes, vips }: Cluster) {
  return [...nodes, ...vips].filter(({ network }) => network.router.owner === 'outside');
}

/** The named sets that the rules of these chains name. */
function referencedSets(cluster: Cluster, chains: readonly Chain[]): NamedSet[] {
  const roles = cluster.flows
    .flatMap(({ from, to }) => [...from, ...to])
    .filter((place) => place.kind === 'role');
  const networkElements = (networks: readonly Network[]) =>
    networks.map(({ cidr, name }) => ({ value: cidr, comment: name }));
  const sets: NamedSet[] = [
    {
      name: 'cluster_interfaces',
      comment: 'bridges that carry nothing but one of the networks',
      elements: ownBridges(cluster).map(({ bridge, name }) => ({ value: bridge, comment: name })),
    },
    {
      name: 'cluster_networks',
      comment: 'networks that the hypervisor routes',
      elements: networkElements(routedNetworks(cluster)),
    },
    { name: 'networks', comment: 'all networks', elements: networkElements(cluster.networks) },
    {
      name: 'outside_nodes',
      comment: 'nodes and VIPs behind a router outside',
      elements: outsideNodes(cluster).map(({ ip, name }) => ({ value: ip, comment: name })),
    },
    ...new Map(roles.map((place) => [place.role.name, roleSet(place)])).values(),
  ];
  const named = new Set(
    chains.flatMap(({ rules }) => rules.flatMap(({ matches }) => matches.flatMap(setOf))),
  );
  return sets.filter(({ name }) => named.has(name));
}

function setOf(match: Match): string[] {
  return 'value' in match && typeof match.value === 'object' && 'set' in match.value ? [match.value.set] : [];
}

function rule(matches: readonly Match[], verdict: Verdict, comment = ''): Rule {
  return { matches, verdict, comment };
}
