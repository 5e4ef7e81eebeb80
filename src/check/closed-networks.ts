import type { Cluster, Network } from '../resolve/cluster.ts';
import { type Connection, neededConnections } from './needed-connections.ts';
import { wayTo } from './way.ts';

/** The networks that libvirt keeps the cluster's connections out of, or in, each with those connections. */
export function closedNetworks(cluster: Cluster): Map<Network, Connection[]> {
  const closed = new Map<Network, Connection[]>();
  for (const connection of neededConnections(cluster)) {
    const way = wayTo(cluster, connection.from, connection.to.network);
    if (way === 'no route' || !('refusedBy' in way)) continue;
    closed.set(way.refusedBy, [...(closed.get(way.refusedBy) ?? []), connection]);
  }
  return closed;
}
