import type { Cluster, Network } from '../resolve/cluster.ts';
import { groupBy } from '../resolve/group-by.ts';

/** The networks of each broadcast domain: what is sent in one of them arrives in the others. */
export function networksBySegment({ networks }: Pick<Cluster, 'networks'>): Network[][] {
  const segmentOf = ({ bridges, vlan }: Network) =>
    JSON.stringify([bridges.map(({ hypervisor, name }) => [hypervisor.name, name]), vlan]);
  return [...groupBy(networks, segmentOf).values()];
}
