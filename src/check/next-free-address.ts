import { Ipv4 } from '../net/ipv4.ts';
import type { Cluster, Network } from '../resolve/cluster.ts';
import { subnetAround } from '../resolve/subnets.ts';
import { addressHolders } from './address-holders.ts';

/** The help of who needs another address than one in a network; nothing where all are taken. */
export function helpWithFreeAddress(cluster: Cluster, network: Network, after: Ipv4): { help?: string } {
  const free = nextFreeAddress(cluster, network, after);
  return free === undefined ? {} : { help: `next free address in ${network.name}: ${free}` };
}

/** The first address after one that nobody has and no DHCP server hands out, in the same range; from its start on after its end. */
function nextFreeAddress(cluster: Cluster, network: Network, after: Ipv4): Ipv4 | undefined {
  const { cidr } = subnetAround(network, after);
  const taken = new Set(addressHolders(cluster).map(({ ip }) => ip.value));
  const pools = [network.dhcp, network.foreignDhcp].filter((pool) => pool !== undefined);
  const search = (from: number, to: number) => {
    for (let value = from; value <= to; value += 1) {
      const pool = pools.find((range) => value >= range.first.value && value <= range.last.value);
      if (pool !== undefined) value = pool.last.value;
      else if (!taken.has(value)) return Ipv4.fromNumber(value);
    }
    return undefined;
  };
  const [first, last] = [cidr.firstHost.value, cidr.last.value - 1];
  return search(Math.max(first, after.value + 1), last) ?? search(first, Math.min(last, after.value) - 1);
}
