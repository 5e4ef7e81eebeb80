import { Ipv4 } from '../net/ipv4.ts';
import type { Cluster, Network } from '../resolve/cluster.ts';
import { holdersOf, type Machine, machinesOf, stranger } from './machines.ts';
import type { World } from './world.ts';

/**
 * Everybody who could ask: machines, and somebody else on each network where people are. What routers let in from the
 * internet no model says.
 */
export function askersIn({ cluster, machines: all }: World): Machine[] {
  const own = new Set([...cluster.nodes, ...cluster.hypervisors].map(({ name }) => name));
  const machines = all.filter(({ name }) => own.has(name));
  const others = cluster.networks
    .filter(({ router }) => router.hypervisor === undefined)
    .flatMap((network) => {
      const ip = freeAddress(cluster, network);
      return ip === undefined ? [] : [{ ...stranger(network, ip), name: `others on ${network.name}` }];
    });
  return [...machines, ...others];
}

/** An address that nobody in the model has: where another server leases addresses, one of those. */
function freeAddress(cluster: Cluster, { foreignDhcp, cidr }: Network): Ipv4 | undefined {
  const last = foreignDhcp?.last ?? cidr.lastHost;
  for (let { value } = last; value >= cidr.firstHost.value; value -= 1) {
    const ip = Ipv4.fromNumber(value);
    if (holdersOf(machinesOf(cluster), ip).length === 0) return ip;
  }
  return undefined;
}
