import type { Cluster } from './cluster.ts';

/** The same work, done once for each cluster: several rules ask the same. */
export const oncePerCluster: <T extends object>(work: (cluster: Cluster) => T) => (cluster: Cluster) => T =
  oncePer;

/** The same work, done once for each thing that it is about. */
export function oncePer<K extends object, T extends object>(work: (key: K) => T): (key: K) => T {
  const known = new WeakMap<K, T>();
  return (key) => {
    const result = known.get(key) ?? work(key);
    known.set(key, result);
    return result;
  };
}
