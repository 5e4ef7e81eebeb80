import type { Path } from '../../../src/diagnostics/diagnostic.ts';
import type { Cidr } from '../../../src/net/cidr.ts';
import { Ipv4 } from '../../../src/net/ipv4.ts';
import type { Cluster, Network, Nic, Node } from '../../../src/resolve/cluster.ts';

/** A name as it is written: one of digits would be a number. */
export function word(name: string): string {
  return /^\d/.test(name) ? JSON.stringify(name) : name;
}

export interface Card {
  readonly node: Node;
  readonly nic: Nic;
  /** Where its address stands. */
  readonly ip: Path;
}

export function cardsOf({ nodes }: Cluster): Card[] {
  return nodes.flatMap((node) => node.nics.map((nic) => ({ node, nic, ip: [...nic.origin, 'ip'] })));
}

export function rangesOf({ subnets }: Network): Cidr[] {
  return subnets.map(({ cidr }) => cidr);
}

export function isIn(network: Network, ip: Ipv4): boolean {
  return rangesOf(network).some((cidr) => cidr.contains(ip));
}

export function shifted(ip: Ipv4, by: number): Ipv4 {
  return Ipv4.fromNumber((ip.value + by + 2 ** 32) % 2 ** 32);
}

/** Every address that somebody has. */
function takenIn({ nodes, vips, networks, hypervisors }: Cluster): Set<number> {
  return new Set(
    [
      ...nodes.flatMap(({ nics }) => nics.map(({ ip }) => ip)),
      ...vips.map(({ ip }) => ip),
      ...networks.flatMap(({ subnets, dns }) => [...subnets.map(({ router }) => router), ...dns]),
      ...hypervisors.flatMap(({ ip, bridges, dns }) => [
        ip,
        ...dns,
        ...bridges.flatMap((bridge) => bridge.ip ?? []),
      ]),
    ].map(({ value }) => value),
  );
}

/** An address of a network that nobody has, in nobody's pool. */
export function freeIn(cluster: Cluster, network: Network): Ipv4 | undefined {
  const taken = takenIn(cluster);
  const { cidr, dhcp, foreignDhcp } = network;
  for (let value = cidr.last.value - 1; value > cidr.network.value; value -= 1) {
    const ip = Ipv4.fromNumber(value);
    if (!taken.has(value) && ![dhcp, foreignDhcp].some((pool) => pool?.contains(ip))) return ip;
  }
  return undefined;
}

/** An address of a network that nobody has, in a pool or not. */
export function unusedIn(
  cluster: Cluster,
  network: Network,
  pool: { readonly first: Ipv4; readonly last: Ipv4 },
): Ipv4 | undefined {
  const taken = takenIn(cluster);
  for (let value = pool.first.value; value <= pool.last.value; value += 1) {
    const ip = Ipv4.fromNumber(value);
    if (!taken.has(value) && isIn(network, ip)) return ip;
  }
  return undefined;
}

/** A text for the broadcast domain that a network is. */
export function segmentOf({ bridges, vlan }: Network): string {
  return `${bridges.map(({ hypervisor, name }) => `${hypervisor.name}.${name}`).sort()} ${vlan ?? ''}`;
}
