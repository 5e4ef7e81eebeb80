import type { Cluster } from '../resolve/cluster.ts';
import { judgeFlows } from './cover/held-flows.ts';
import { narrow } from './open-to-everybody.ts';

const known = new WeakMap<Cluster, ReturnType<typeof judgeFlows>>();

/** What flows hold of one another, but for those that are open to everybody. Two rules ask, and once is enough. */
export function judgedFlows(cluster: Cluster): ReturnType<typeof judgeFlows> {
  const judged = known.get(cluster) ?? judgeFlows(narrow(cluster));
  known.set(cluster, judged);
  return judged;
}
