import type { PortRange } from '../net/port-range.ts';
import type { Cluster, Flow, Place, Verification } from '../resolve/cluster.ts';
import { nameOf } from '../resolve/name-of.ts';
import { oncePerCluster } from '../resolve/once-per-cluster.ts';

/** Verifications by where the model says them, and those places by what is tried from all of a place. */
const verified = oncePerCluster(({ verifications }) => {
  const byOrigin = new Map<Verification['origin'], Verification[]>();
  const triedAt = new Map<string, Set<Verification['origin']>>();
  for (const each of verifications) {
    const own = byOrigin.get(each.origin) ?? [];
    own.push(each);
    byOrigin.set(each.origin, own);
    if (each.except.length > 0) continue;
    triedAt.set(keyOf(each), (triedAt.get(keyOf(each)) ?? new Set()).add(each.origin));
  }
  return { byOrigin, triedAt };
});

/** Whether all connections that a flow has verified, or one of its entries, are verified without it, too. */
export function isTriedElsewhere(cluster: Cluster, { origin }: Flow, entry?: Place | PortRange): boolean {
  const { byOrigin, triedAt } = verified(cluster);
  const own = (byOrigin.get(origin) ?? []).filter((each) => entry === undefined || concerns(each, entry));
  return own.every((each) => [...(triedAt.get(keyOf(each)) ?? [])].some((other) => other !== origin));
}

function concerns({ from, to, probe }: Verification, entry: Place | PortRange): boolean {
  if (from === entry || to === entry) return true;
  return 'first' in entry && probe.kind === 'tcp' && probe.port === entry.first;
}

function keyOf({ from, to, probe }: Verification): string {
  return `${nameOf(from)} ${nameOf(to)} ${JSON.stringify(probe)}`;
}
