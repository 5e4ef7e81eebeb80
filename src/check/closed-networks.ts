import type { Network } from '../resolve/cluster.ts';
import { oncePerCluster } from '../resolve/once-per-cluster.ts';
import { lostConnections } from './lost-connections.ts';
import type { Connection } from './needed-connections.ts';

/** The networks that libvirt keeps the cluster's connections out of, or in, each with those connections. */
export const closedNetworks = oncePerCluster((cluster) => {
  const networks = new Map<Network, Connection[]>();
  for (const lost of lostConnections(cluster))
    if (lost.closed !== undefined) networks.set(lost.closed, [...(networks.get(lost.closed) ?? []), lost]);
  return networks;
});
