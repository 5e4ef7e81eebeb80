import { oncePerCluster } from '../resolve/once-per-cluster.ts';
import { judgeFlows } from './cover/held-flows.ts';
import { PacketSpace } from './cover/packet-space.ts';
import { narrow } from './open-to-everybody.ts';

/** The packets that there can be, with what is known of flows already. */
export const packetSpace = oncePerCluster((cluster) => new PacketSpace(cluster));

/** What flows hold of one another, but for those that are open to everybody. */
export const judgedFlows = oncePerCluster((cluster) => judgeFlows(narrow(cluster), packetSpace(cluster)));
