import { Cidr } from '../net/cidr.ts';
import { addressIn, bridgeOn, interfaceOf, routedNetworks } from '../resolve/addressing.ts';
import type { Cluster, Hypervisor, Network, Nic, Place, Vip } from '../resolve/cluster.ts';
import { letsOpen } from '../resolve/modes.ts';
import { networksIn } from '../resolve/networks-in.ts';
import { rangesOf } from '../resolve/subnets.ts';
import type { Address, Match, NamedSet, SetRef } from './ruleset.ts';

/** The hypervisor whose firewall it is, and the cluster around it. */
export interface FirewallHost {
  readonly cluster: Cluster;
  readonly hypervisor: Hypervisor;
}

/** A network with the name of the hypervisor's interface there: its bridge, or its port of the network's VLAN. */
export interface LocalNetwork {
  readonly network: Network;
  readonly bridge: string;
}

function localNetworks({ cluster, hypervisor }: FirewallHost): LocalNetwork[] {
  return cluster.networks.flatMap((network) => {
    const bridge = bridgeOn(network, hypervisor);
    return bridge === undefined ? [] : [{ network, bridge: interfaceOf(bridge, network.vlan) }];
  });
}

/** The networks that the hypervisor routes. */
export function routedHere(host: FirewallHost): LocalNetwork[] {
  return localNetworks(host).filter(({ network }) => network.router.hypervisor === host.hypervisor);
}

/** The networks whose bridge libvirt makes for them alone. */
export function ownBridges(host: FirewallHost): LocalNetwork[] {
  return localNetworks(host).filter(({ network }) => network.mode !== 'bridge');
}

/** Every address that a hypervisor has: on its bridges, and as the router of networks. */
export function hypervisorAddresses(
  { networks }: Pick<Cluster, 'networks'>,
  hypervisor: Hypervisor,
): Address[] {
  const routers = routedNetworks({ networks }, hypervisor).flatMap(({ subnets }) =>
    subnets.map(({ router }) => router),
  );
  const own = [hypervisor.ip, ...hypervisor.bridges.flatMap((bridge) => bridge.ip ?? []), ...routers];
  return own.filter((ip, index) => own.findIndex((other) => other.equals(ip)) === index);
}

/** Two networks that a connection goes between; undefined stands for the outside. */
export type Crossing = readonly [source: Network | undefined, target: Network | undefined];

/**
 * Where a connection between two places can cross the hypervisor: between two networks, one of them routed by it, and
 * libvirt's own rules let it.
 */
export function crossings(host: FirewallHost, from: Place, to: Place): Crossing[] {
  const targets = networksOf(host, to);
  return networksOf(host, from)
    .flatMap((source) => targets.map((target): Crossing => [source, target]))
    .filter((crossing) => isCrossed(host, crossing));
}

/** Whether a connection between two networks can cross the hypervisor. */
export function isCrossed({ hypervisor }: FirewallHost, [source, target]: Crossing): boolean {
  const isRouted = (network: Network | undefined) => network?.router.hypervisor === hypervisor;
  return (
    (source === undefined || source !== target) &&
    (isRouted(source) || isRouted(target)) &&
    letsOpen(source, target)
  );
}

/** Whether a connection between two places can cross the hypervisor. */
export function crosses(host: FirewallHost, from: Place, to: Place): boolean {
  return crossings(host, from, to).length > 0;
}

/** Whether a connection is to the hypervisor itself, from somebody else. */
export function enters({ hypervisor }: FirewallHost, from: Place, to: Place): boolean {
  const isItself = (place: Place) => place.kind === 'hypervisor' && place.hypervisor === hypervisor;
  return isItself(to) && !isItself(from);
}

/** The networks that a place has addresses in, as the firewall sees it; undefined stands for the outside. */
export function networksOf(
  { cluster, hypervisor }: FirewallHost,
  place: Place,
): readonly (Network | undefined)[] {
  if (place.kind !== 'hypervisor') return networksIn(cluster, place);
  // What a hypervisor sends or takes itself is not forwarded there; to the others it is a host like any other.
  if (place.hypervisor === hypervisor) return [];
  return cluster.networks.filter((network) => addressIn(network, place.hypervisor) !== undefined);
}

/** The match for a place on one side of a packet. Roles match by a named set, the internet by what it is not. */
export function matchPlace(cluster: Cluster, key: 'saddr' | 'daddr', place: Place): Match {
  const match = (value: readonly Address[] | SetRef): Match => ({ on: 'address', key, value });
  switch (place.kind) {
    case 'node':
      return match(place.node.nics.map(({ ip }) => ip));
    case 'role':
      return match({ set: roleSetName(place.role.name) });
    case 'network':
      return match(rangesOf(place.network));
    case 'vip':
      return match([place.vip.ip]);
    case 'hypervisor':
      return match(hypervisorAddresses(cluster, place.hypervisor));
    case 'address':
      return match([place.cidr.isAddress ? place.cidr.network : place.cidr]);
    case 'internet':
      return { on: 'address', key, not: true, value: { set: 'networks' } };
  }
}

/** The set of a role's nodes; the prefix keeps it apart from nft's own words. */
function roleSetName(role: string): string {
  return BUILT_IN_SETS.get(role)?.name ?? `role_${role.replaceAll('-', '_')}`;
}

const BUILT_IN_SETS: ReadonlyMap<string, { readonly name: string; readonly comment: string }> = new Map([
  ['nodes', { name: 'all_nodes', comment: 'all nodes' }],
  ['kubernetes', { name: 'kubernetes_nodes', comment: 'all nodes that run Kubernetes' }],
]);

/** The set of a role's nodes. */
export function roleSet(place: Extract<Place, { kind: 'role' }>): NamedSet {
  const { name, nodes } = place.role;
  return {
    name: roleSetName(name),
    comment: BUILT_IN_SETS.get(name)?.comment ?? `role ${name}`,
    elements: nodes.flatMap((node) => node.nics.map(({ ip }) => ({ value: ip, comment: node.name }))),
  };
}

/** Addresses that are only ever seen on one segment: never routed, so only a bridge can carry them. */
export const SEGMENT_ONLY: readonly Cidr[] = [Cidr.of('224.0.0.0/4'), Cidr.of('255.255.255.255/32')];

/** The host's bridges that lead out. */
export function uplinks({ hypervisor }: FirewallHost): string[] {
  return hypervisor.bridges.filter(({ uplink }) => uplink !== undefined).map(({ name }) => name);
}

/**
 * Nodes and VIPs beside the hypervisor on networks whose router is outside: they have routes to its networks by its
 * address there, or their router has.
 */
export function outsideNodes({ cluster, hypervisor }: FirewallHost) {
  const beside = cluster.networks.filter(
    (network) =>
      network.router.hypervisor === undefined &&
      bridgeOn(network, hypervisor) !== undefined &&
      (network.router.returnRoute || addressIn(network, hypervisor) !== undefined),
  );
  const isBeside = ({ network }: Nic | Vip) => beside.includes(network);
  const cards = cluster.nodes
    .filter(({ nics }) => nics.some(isBeside))
    .flatMap(({ name, nics }) => nics.filter(isBeside).map(({ ip }) => ({ name, ip })));
  return [...cards, ...cluster.vips.filter(isBeside)];
}
