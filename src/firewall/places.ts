import { Cidr } from '../net/cidr.ts';
import { routedNetworks } from '../resolve/addressing.ts';
import type { Cluster, Hypervisor, Network, Place } from '../resolve/cluster.ts';
import type { Address, Match, NamedSet, SetRef } from './ruleset.ts';

/** The networks whose bridge libvirt makes for them alone. */
export function ownBridges({ networks }: Pick<Cluster, 'networks'>): Network[] {
  return networks.filter((network) => network.mode !== 'bridge');
}

/** Every address that a hypervisor has: on its bridges, and as the router of networks. */
export function hypervisorAddresses(
  { networks }: Pick<Cluster, 'networks'>,
  hypervisor: Hypervisor,
): Address[] {
  const routers = routedNetworks({ networks })
    .filter((network) => network.hypervisor.name === hypervisor.name)
    .map((network) => network.router.ip);
  const own = [hypervisor.ip, ...hypervisor.bridges.flatMap((bridge) => bridge.ip ?? []), ...routers];
  return own.filter((ip, index) => own.findIndex((other) => other.equals(ip)) === index);
}

/** Whether a connection between two places can cross the hypervisor: between two networks, one of them routed by it. */
export function crosses(cluster: Cluster, from: Place, to: Place): boolean {
  return networksOf(cluster, from).some((source) =>
    networksOf(cluster, to).some(
      (target) => (source === undefined || source !== target) && (isRouted(source) || isRouted(target)),
    ),
  );
}

function isRouted(network: Network | undefined): boolean {
  return network?.router.owner === 'hypervisor';
}

/** The networks that a place has addresses in; undefined stands for the outside. */
export function networksOf({ networks }: Pick<Cluster, 'networks'>, place: Place): (Network | undefined)[] {
  switch (place.kind) {
    case 'node':
      return [place.node.network];
    case 'role':
      return [...new Set(place.role.nodes.map((node) => node.network))];
    case 'network':
      return [place.network];
    case 'vip':
      return [place.vip.network];
    case 'address': {
      const inside = networks.filter(
        ({ cidr }) => cidr.contains(place.cidr.network) || place.cidr.contains(cidr.network),
      );
      const isCovered = inside.some(
        ({ cidr }) => cidr.contains(place.cidr.network) && cidr.contains(place.cidr.last),
      );
      return isCovered ? inside : [...inside, undefined];
    }
    case 'internet':
      return [undefined];
    case 'hypervisor':
      return [];
  }
}

/** The match for a place on one side of a packet. Roles match by a named set, the internet by what it is not. */
export function matchPlace(cluster: Cluster, key: 'saddr' | 'daddr', place: Place): Match {
  const match = (value: readonly Address[] | SetRef): Match => ({ on: 'address', key, value });
  switch (place.kind) {
    case 'node':
      return match([place.node.ip]);
    case 'role':
      return match({ set: roleSetName(place.role.name) });
    case 'network':
      return match([place.network.cidr]);
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
  return BUILT_IN_SETS[role]?.name ?? `role_${role.replaceAll('-', '_')}`;
}

const BUILT_IN_SETS: Readonly<Record<string, { readonly name: string; readonly comment: string }>> = {
  nodes: { name: 'all_nodes', comment: 'all nodes' },
  kubernetes: { name: 'kubernetes_nodes', comment: 'all nodes that run Kubernetes' },
};

/** The set of a role's nodes. */
export function roleSet(place: Extract<Place, { kind: 'role' }>): NamedSet {
  const { name, nodes } = place.role;
  return {
    name: roleSetName(name),
    comment: BUILT_IN_SETS[name]?.comment ?? `role ${name}`,
    elements: nodes.map((node) => ({ value: node.ip, comment: node.name })),
  };
}

/** Addresses that are only ever seen on one segment: never routed, so only a bridge can carry them. */
export const SEGMENT_ONLY: readonly Cidr[] = [Cidr.of('224.0.0.0/4'), Cidr.of('255.255.255.255/32')];

/** The host's bridges that lead out. */
export function uplinks({ hypervisors }: Cluster): string[] {
  return hypervisors.flatMap(({ bridges }) =>
    bridges.filter(({ uplink }) => uplink !== undefined).map(({ name }) => name),
  );
}

/** Nodes and VIPs on networks whose router is outside: they have a route to the cluster's networks of their own. */
export function outsideNodes({ nodes, vips }: Cluster) {
  return [...nodes, ...vips].filter(({ network }) => network.router.owner === 'outside');
}
