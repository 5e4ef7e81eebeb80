import type { Cidr } from '../net/cidr.ts';
import type { Ipv4 } from '../net/ipv4.ts';
import type { Network, Subnet } from './cluster.ts';

/** The ranges of a network, the first one first. */
export function rangesOf({ subnets }: Pick<Network, 'subnets'>): Cidr[] {
  return subnets.map(({ cidr }) => cidr);
}

/** The part of a network that an address is in, if it is in one. */
export function subnetOf({ subnets }: Pick<Network, 'subnets'>, ip: Ipv4): Subnet | undefined {
  return subnets.find(({ cidr }) => cidr.contains(ip));
}

/** The same for an address that may be in none, where the first has to do: that it is outside is found by a rule. */
export function subnetAround(network: Network, ip: Ipv4): Subnet {
  return subnetOf(network, ip) ?? { cidr: network.cidr, router: network.router.ip };
}
