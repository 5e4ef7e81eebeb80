import type { Cluster } from './cluster.ts';

/** The same work, done once for each cluster: several rules ask the same. */
export function oncePerCluster<T extends object>(work: (cluster: Cluster) => T): (cluster: Cluster) => T {
  const known = new WeakMap<Cluster, T>();
  return (cluster) => {
    const result = known.get(cluster) ?? work(cluster);
    known.set(cluster, result);
    return result;
  };
}
