import type { Cidr } from '../net/cidr.ts';
import type { Ipv4 } from '../net/ipv4.ts';
import type { Bridge, Cluster, Network, Node } from './cluster.ts';

/** An address with its prefix length, as an interface has it. */
export interface InterfaceAddress {
  readonly ip: Ipv4;
  readonly prefix: number;
}

export interface Route {
  readonly to: Cidr;
  readonly via: Ipv4;
}

/** The networks whose router is the hypervisor: what they send to each other and to the outside crosses it. */
export function routedNetworks({ networks }: Pick<Cluster, 'networks'>): Network[] {
  return networks.filter((network) => network.router.owner === 'hypervisor');
}

/** The nodes that provide a service to all others. */
export function providersOf(nodes: readonly Node[], service: Node['provides'][number]): Node[] {
  return nodes.filter(({ provides }) => provides.includes(service));
}

/** The addresses that a bridge of the host has: the host's own, then those of the routers that it is. */
export function bridgeAddresses({ networks }: Pick<Cluster, 'networks'>, bridge: Bridge): InterfaceAddress[] {
  const here = networksOn(networks, bridge);
  const own = here.flatMap(({ cidr }) =>
    bridge.ip !== undefined && cidr.contains(bridge.ip) ? [{ ip: bridge.ip, prefix: cidr.prefix }] : [],
  );
  const routers = routedNetworks({ networks: here })
    .filter(({ router }) => bridge.ip === undefined || !router.ip.equals(bridge.ip))
    .map(({ router, cidr }) => ({ ip: router.ip, prefix: cidr.prefix }));
  return [...own.slice(0, 1), ...routers];
}

/** The host's default gateway on a bridge: the router outside of the network that holds the host's address. */
export function bridgeGateway({ networks }: Pick<Cluster, 'networks'>, bridge: Bridge): Ipv4 | undefined {
  const { ip } = bridge;
  const around = networksOn(networks, bridge).find(({ cidr }) => ip !== undefined && cidr.contains(ip));
  return around?.router.owner === 'outside' ? around.router.ip : undefined;
}

/**
 * The routes that a node needs besides its default: where the router is outside, the networks behind the hypervisor
 * are reached through the hypervisor's address on the node's own network.
 */
export function nodeRoutes({ networks }: Pick<Cluster, 'networks'>, { network }: Node): Route[] {
  const via = network.hypervisor.bridges.find((bridge) => bridge.name === network.bridge)?.ip;
  if (network.router.owner === 'hypervisor' || via === undefined || !network.cidr.contains(via)) return [];
  return routedNetworks({ networks }).map(({ cidr }) => ({ to: cidr, via }));
}

/** What a node asks for names: one that answers itself asks the others, and what the hypervisor asks. */
export function dnsServersOf({ ip, network, provides }: Node): readonly Ipv4[] {
  if (!provides.includes('dns')) return network.dns;
  const others = network.dns.filter((server) => !server.equals(ip));
  return [
    ...others,
    ...network.hypervisor.dns.filter((server) => !others.some((other) => other.equals(server))),
  ];
}

function networksOn(networks: readonly Network[], bridge: Bridge): Network[] {
  return networks.filter((network) => network.mode === 'bridge' && network.bridge === bridge.name);
}

/** The nodes that libvirt's DHCP on a network hands their address to. */
export function reservedNodes({ nodes }: Pick<Cluster, 'nodes'>, network: Network) {
  return nodes
    .filter((node) => node.network === network && node.addressing === 'reserved')
    .map(({ name, mac, ip }) => ({ name, mac: String(mac), ip: ip.toString() }));
}
