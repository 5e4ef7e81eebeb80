import { Ipv4 } from '../net/ipv4.ts';
import type { Cluster, Network } from '../resolve/cluster.ts';
import { subnetOf } from '../resolve/subnets.ts';
import { addressHolders } from './address-holders.ts';

/** The first address after one that nobody has and no DHCP server hands out, in the same range; from its start on after its end. */
export function nextFreeAddress(cluster: Cluster, network: Network, after: Ipv4): Ipv4 | undefined {
  const cidr = subnetOf(network, after)?.cidr ?? network.cidr;
  const taken = new Set(addressHolders(cluster).map(({ ip }) => ip.value));
  const pools = [network.dhcp, network.foreignDhcp].filter((pool) => pool !== undefined);
  const isFree = (value: number) =>
    !taken.has(value) && !pools.some(({ first, last }) => value >= first.value && value <= last.value);
  const [first, last] = [cidr.firstHost.value, cidr.last.value - 1];
  for (let value = Math.max(first, after.value + 1); value <= last; value += 1)
    if (isFree(value)) return Ipv4.fromNumber(value);
  for (let value = first; value < Math.min(last, after.value); value += 1)
    if (isFree(value)) return Ipv4.fromNumber(value);
  return undefined;
}
