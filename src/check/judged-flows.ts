import { oncePerCluster } from '../resolve/once-per-cluster.ts';
import { judgeFlows } from './cover/held-flows.ts';
import { narrow } from './open-to-everybody.ts';

/** What flows hold of one another, but for those that are open to everybody. */
export const judgedFlows = oncePerCluster((cluster) => judgeFlows(narrow(cluster)));
