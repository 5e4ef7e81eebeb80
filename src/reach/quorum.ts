import { masterPlaces } from '../resolve/derive-flows.ts';
import { holdersOf } from './machines.ts';
import { type Target, targetsAt } from './needs.ts';
import { reach, stopOf } from './reach.ts';
import type { World } from './world.ts';

/** How many members of an etcd still see one another, and how many it takes to write: more than half (etcd's FAQ). */
export interface Quorum {
  readonly members: number;
  readonly left: number;
  readonly needed: number;
}

/** Where etcd's members speak to one another (etcd, --listen-peer-urls). */
const PEERS = { protocol: 'tcp', port: 2380 } as const;

/** The etcd that Kubernetes has on its masters, or that the model says; none where its state is in another database. */
export function quorumOf({ cluster, machines }: World): Quorum | undefined {
  const { kubernetes, roles } = cluster;
  const { engine = 'etcd', at = masterPlaces(roles) } = kubernetes.datastore ?? {};
  const members = at.flatMap(targetsAt);
  if (engine !== 'etcd' || members.length === 0) return undefined;
  const there = members.flatMap(({ ip }) =>
    holdersOf(machines, ip)
      .slice(0, 1)
      .map((machine) => ({ machine, ip })),
  );
  const isSeen = (from: (typeof there)[number], { ip }: Pick<Target, 'ip'>) =>
    stopOf(reach(cluster, { from: from.machine, to: ip, ...PEERS }, machines)) === undefined;
  const seen = there.map((from) =>
    there.filter((to) => from === to || (isSeen(from, to) && isSeen(to, from))),
  );
  return {
    members: members.length,
    left: Math.max(0, ...seen.map(({ length }) => length)),
    needed: Math.floor(members.length / 2) + 1,
  };
}
