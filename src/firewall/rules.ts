import { bridgesTo, routedNetworks } from '../resolve/addressing.ts';
import type { Cluster, FirewallRule, Flow, Network, Place } from '../resolve/cluster.ts';
import { rangesOf } from '../resolve/subnets.ts';
import { type FirewallHost, matchPlace, outsideNodes, ownBridges, routedHere } from './places.ts';
import type { DecidingRule, Match, Rule, SetRef, Verdict } from './ruleset.ts';

/** The bridges that carry nothing but one of the networks. */
export const CLUSTER_INTERFACES: SetRef = { set: 'cluster_interfaces' };
/** The networks that the hypervisor routes. */
export const CLUSTER_NETWORKS: SetRef = { set: 'cluster_networks' };
/** The networks that any hypervisor routes, where there are several. */
export const ROUTED_NETWORKS: SetRef = { set: 'routed_networks' };
/** All networks of the model. */
export const NETWORKS: SetRef = { set: 'networks' };
/** Nodes and VIPs behind a router outside. */
export const OUTSIDE_NODES: SetRef = { set: 'outside_nodes' };

export function rule(matches: readonly Match[], verdict: Verdict, comment = ''): DecidingRule {
  return { matches, verdict, comment };
}

/** The rules that send to a chain what belongs to the cluster on one side of a packet. */
export function clusterTraffic(host: FirewallHost, side: 'source' | 'target', chain: string): Rule[] {
  const isSource = side === 'source';
  const interfaces: Match = {
    on: 'interface',
    key: isSource ? 'iifname' : 'oifname',
    value: CLUSTER_INTERFACES,
  };
  const networks: Match = { on: 'address', key: isSource ? 'saddr' : 'daddr', value: CLUSTER_NETWORKS };
  return [
    ...(ownBridges(host).length > 0 ? [rule([interfaces], { goto: chain })] : []),
    ...(routedHere(host).length > 0 ? [rule([networks], { goto: chain })] : []),
  ];
}

export function stateRules(): Rule[] {
  return [
    rule([{ on: 'state', states: ['established', 'related'] }], 'accept'),
    { ...rule([{ on: 'state', states: ['invalid'] }], 'drop'), counter: true },
  ];
}

/** A network's addresses come from its bridge, and from a bridge of its own nothing else comes. */
export function spoofRules(host: FirewallHost): Rule[] {
  return routedHere(host).flatMap(({ bridge, network }) => {
    const { name, mode } = network;
    const isShared = mode === 'bridge';
    const spoofed = (from: { not: boolean }, source: { not: boolean }, comment: string): Rule => ({
      matches: [
        { on: 'interface', key: 'iifname', ...from, value: bridge },
        { on: 'address', key: 'saddr', ...source, value: rangesOf(network) },
      ],
      verdict: 'drop',
      counter: true,
      comment,
    });
    const fromElsewhere = spoofed({ not: true }, { not: false }, `spoofed: not from ${name}`);
    const ofElsewhere = spoofed({ not: false }, { not: true }, `spoofed: not of ${name}`);
    return isShared ? [fromElsewhere] : [fromElsewhere, ofElsewhere];
  });
}

/**
 * What another hypervisor routes comes by a bridge that both of them are on. Networks in nat or isolated mode can have a
 * range of this one's: their own addresses are never seen elsewhere.
 */
export function neighbourRules({ cluster, hypervisor }: FirewallHost): Rule[] {
  const own = routedNetworks(cluster, hypervisor).flatMap(rangesOf);
  const isOurs = (network: Network) =>
    rangesOf(network).some((range) => own.some((other) => other.overlaps(range)));
  return routedNetworks(cluster).flatMap((network): Rule[] => {
    const bridges = isOurs(network) ? [] : bridgesTo(cluster, hypervisor, network);
    if (bridges.length === 0) return [];
    const elsewhere = bridges.map((value): Match => ({ on: 'interface', key: 'iifname', not: true, value }));
    const source: Match = { on: 'address', key: 'saddr', value: rangesOf(network) };
    const comment = `spoofed: not from ${network.name}`;
    return [{ ...rule([...elsewhere, source], 'drop', comment), counter: true }];
  });
}

/** Each source with each target of a flow; a role that nobody has matches nothing. */
export function pairsOf({ from, to }: Flow): [Place, Place][] {
  const isEmpty = (place: Place) => place.kind === 'role' && place.role.nodes.length === 0;
  return from
    .flatMap((source) => to.map((target): [Place, Place] => [source, target]))
    .filter((pair) => !pair.some(isEmpty));
}

/** A flow between one source and one target, with further matches. */
export interface FlowPart {
  readonly flow: Flow;
  readonly from: Place;
  readonly to: Place;
  readonly extra: readonly Match[];
}

/** The rules of a part of a flow: one for each protocol. */
export function flowRules(cluster: Cluster, { flow, from, to, extra }: FlowPart): Rule[] {
  const ends = [matchPlace(cluster, 'saddr', from), matchPlace(cluster, 'daddr', to), ...extra];
  const origin = flow.origin === undefined ? {} : { origin: flow.origin };
  const accept = (matches: readonly Match[]): Rule => ({
    ...rule(matches, 'accept', flow.reason),
    ...origin,
  });
  if (flow.ports.length === 0) return [accept(ends)];
  return (['tcp', 'udp'] as const)
    .map((protocol) => flow.ports.filter((port) => port.protocol === protocol))
    .filter((ports) => ports.length > 0)
    .map((ports) => accept([...ends, { on: 'ports', ports }]));
}

/** The cluster's own may ping what they like, at a rate that nobody minds. */
export function echoRules(sources: readonly SetRef[]): Rule[] {
  return sources.map((value) => ({
    ...rule([{ on: 'address', key: 'saddr', value }, { on: 'echo-request' }], 'accept', 'ping'),
    limit: 50,
  }));
}

/** The networks that hypervisors route: with one hypervisor those are its own. */
export function allRouted({ cluster }: FirewallHost): SetRef {
  return cluster.hypervisors.length > 1 ? ROUTED_NETWORKS : CLUSTER_NETWORKS;
}

/** The sets of the cluster's own that are not empty. */
export function ownSources(host: FirewallHost): SetRef[] {
  return outsideNodes(host).length > 0 ? [allRouted(host), OUTSIDE_NODES] : [allRouted(host)];
}

/** The rules of the model's own that stand at a place. */
export function verbatimRules(
  { firewallRules }: Cluster,
  chain: FirewallRule['chain'],
  before: FirewallRule['before'],
): Rule[] {
  return firewallRules
    .filter((said) => said.chain === chain && said.before === before)
    .map(({ rule: verbatim, comment, origin }) => ({ verbatim, comment, origin }));
}

/** What no rule before has let pass is logged, counted and refused. */
export function refusal(cluster: Cluster, where: 'forward' | 'input'): Rule[] {
  return [
    rule([], { log: `gi ${cluster.name} ${where}: ` }),
    { ...rule([], 'reject', 'no flow lets it pass'), counter: true },
  ];
}
