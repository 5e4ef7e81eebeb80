import type { Network } from '../resolve/cluster.ts';
import { oncePerCluster } from '../resolve/once-per-cluster.ts';
import { type Connection, neededConnections } from './needed-connections.ts';
import { wayTo } from './way.ts';

/** The networks that libvirt keeps the cluster's connections out of, or in, each with those connections. */
export const closedNetworks = oncePerCluster((cluster) => {
  const closed = new Map<Network, Connection[]>();
  for (const connection of neededConnections(cluster)) {
    const { refusedBy } = wayTo(cluster, connection.from, connection.to.network);
    if (refusedBy !== undefined) closed.set(refusedBy, [...(closed.get(refusedBy) ?? []), connection]);
  }
  return closed;
});
