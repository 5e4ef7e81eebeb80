import type { Cluster } from '../resolve/cluster.ts';
import { oncePerCluster } from '../resolve/once-per-cluster.ts';
import { type Machine, machinesOf } from './machines.ts';

/** A cluster, and those of its machines that are there. */
export interface World {
  readonly cluster: Cluster;
  readonly machines: readonly Machine[];
}

/** Where nothing has failed. */
export const worldOf = oncePerCluster((cluster): World => ({ cluster, machines: machinesOf(cluster) }));
