import type { Cidr } from '../net/cidr.ts';
import type { Ipv4 } from '../net/ipv4.ts';
import { hasCardIn } from './cards.ts';
import type { Bridge, Cluster, Hypervisor, Network, Nic, Node } from './cluster.ts';
import { isUntagged, letsOpen } from './modes.ts';
import { rangesOf } from './subnets.ts';

/** An address with its prefix length, as an interface has it. */
export interface InterfaceAddress {
  readonly ip: Ipv4;
  readonly prefix: number;
}

export interface Route {
  readonly to: Cidr;
  readonly via: Ipv4;
}

/** The networks whose router is a hypervisor, or this one: what they send to each other and to the outside crosses it. */
export function routedNetworks({ networks }: Pick<Cluster, 'networks'>, by?: Hypervisor): Network[] {
  return networks.filter(
    ({ router }) => router.hypervisor !== undefined && (by ?? router.hypervisor) === router.hypervisor,
  );
}

/** The name of a network's bridge on a hypervisor, if it is there. */
export function bridgeOn({ bridges }: Network, hypervisor: Hypervisor): string | undefined {
  return bridges.find((bridge) => bridge.hypervisor === hypervisor)?.name;
}

/** The networks that a hypervisor has a bridge for. */
export function networksAt({ networks }: Pick<Cluster, 'networks'>, hypervisor: Hypervisor): Network[] {
  return networks.filter((network) => bridgeOn(network, hypervisor) !== undefined);
}

/** The hypervisor's interface in a network of this tag: the bridge, or a port of it. */
export function interfaceOf(bridge: string, vlan: number | undefined): string {
  return vlan === undefined ? bridge : `${bridge}.${vlan}`;
}

/** A hypervisor's own address in a network, if it has one. */
export function addressIn(network: Network, hypervisor: Hypervisor): Ipv4 | undefined {
  if (network.router.hypervisor === hypervisor) return network.router.ip;
  const name = bridgeOn(network, hypervisor);
  const ip = hypervisor.bridges.find((bridge) => bridge.name === name)?.ip;
  return ip !== undefined && isUntagged(network) && network.cidr.contains(ip) ? ip : undefined;
}

/** The nodes that provide a service to all others. */
export function providersOf(nodes: readonly Node[], service: Node['provides'][number]): Node[] {
  return nodes.filter(({ provides }) => provides.includes(service));
}

/** A bridge of one of the hosts. */
interface HostBridge {
  readonly hypervisor: Hypervisor;
  readonly bridge: Bridge;
}

/** The addresses that a bridge of the host has: the host's own, then those of the routers that it is. */
export function bridgeAddresses({ networks }: Pick<Cluster, 'networks'>, at: HostBridge): InterfaceAddress[] {
  const { ip } = at.bridge;
  const here = networksOn(networks, at);
  const own = here.flatMap(({ cidr }) =>
    ip !== undefined && cidr.contains(ip) ? [{ ip, prefix: cidr.prefix }] : [],
  );
  const routers = routedNetworks({ networks: here }, at.hypervisor)
    .filter(({ router }) => ip === undefined || !router.ip.equals(ip))
    .map(({ router, cidr }) => ({ ip: router.ip, prefix: cidr.prefix }));
  return [...own.slice(0, 1), ...routers];
}

/** The host's default gateway on a bridge: the router of the network that holds the host's address, if it is outside. */
export function bridgeGateway({ networks }: Pick<Cluster, 'networks'>, at: HostBridge): Ipv4 | undefined {
  const { ip } = at.bridge;
  const around = networksOn(networks, at).find(({ cidr }) => ip !== undefined && cidr.contains(ip));
  return around !== undefined && around.router.hypervisor === undefined ? around.router.ip : undefined;
}

/**
 * The routes that a host needs on a bridge: to the networks of the other hypervisors that it meets there. Where Ansible
 * reaches them goes before other meeting places, so that a further one moves no route.
 */
export function bridgeRoutes(cluster: Pick<Cluster, 'networks'>, at: HostBridge): Route[] {
  return routedNetworks(cluster)
    .filter((network) => addressIn(network, at.hypervisor) === undefined && letsOpen(undefined, network))
    .flatMap((target): Route[] => {
      const { router } = target;
      const meeting = cluster.networks.filter((network) =>
        isMeetingPlace(network, at.hypervisor, router.hypervisor),
      );
      const main = meeting.find(
        (network) => router.hypervisor && network.cidr.contains(router.hypervisor.ip),
      );
      const common = main ?? meeting[0];
      const via = common && router.hypervisor && addressIn(common, router.hypervisor);
      const isHere = common !== undefined && bridgeOn(common, at.hypervisor) === at.bridge.name;
      return via !== undefined && isHere ? rangesOf(target).map((to) => ({ to, via })) : [];
    });
}

/** The bridges by which a hypervisor sees a network of another one: its own, and those where the two meet. */
export function bridgesTo(
  { networks }: Pick<Cluster, 'networks'>,
  hypervisor: Hypervisor,
  far: Network,
): string[] {
  const shared = networks.filter(
    (network) => network === far || isMeetingPlace(network, hypervisor, far.router.hypervisor),
  );
  return [...new Set(shared.flatMap((network) => bridgeOn(network, hypervisor) ?? []))].sort();
}

/** Whether both have an address in the network, so that one can be the other's next hop. */
function isMeetingPlace(network: Network, one: Hypervisor, other: Hypervisor | undefined): boolean {
  return (
    other !== undefined && addressIn(network, one) !== undefined && addressIn(network, other) !== undefined
  );
}

/** A route with the card that it leaves by. */
export interface NodeRoute extends Route {
  readonly nic: Nic;
}

/**
 * The routes that a node needs besides its default: where its router is outside, the networks behind a hypervisor are
 * reached through that hypervisor's address beside the first card that has it for a neighbour.
 */
export function nodeRoutes(cluster: Pick<Cluster, 'networks'>, node: Node): NodeRoute[] {
  const { network: own, nics } = node;
  if (own.router.hypervisor !== undefined) return [];
  return routedNetworks(cluster)
    .filter((network) => !hasCardIn(node, network))
    .flatMap((target): NodeRoute[] => {
      const { hypervisor } = target.router;
      const [hop] = nics.flatMap((nic) => {
        const via = hypervisor && addressIn(nic.network, hypervisor);
        return via === undefined || !letsOpen(nic.network, target) ? [] : [{ via, nic }];
      });
      return hop === undefined ? [] : rangesOf(target).map((to) => ({ to, ...hop }));
    });
}

/** What a node asks for names: one that answers itself asks the others, and what the hypervisor asks. */
export function dnsServersOf({ ip, network, hypervisor, provides }: Node): readonly Ipv4[] {
  if (!provides.includes('dns')) return network.dns;
  const others = network.dns.filter((server) => !server.equals(ip));
  const upstream = letsOpen(network, undefined) ? hypervisor.dns : [network.router.ip];
  return [...others, ...upstream.filter((server) => !others.some((other) => other.equals(server)))];
}

function networksOn(networks: readonly Network[], { hypervisor, bridge }: HostBridge): Network[] {
  return networks.filter((network) => isUntagged(network) && bridgeOn(network, hypervisor) === bridge.name);
}
