import type { PortRange } from '../net/port-range.ts';
import type { Cluster, Flow, Place, Verification } from '../resolve/cluster.ts';
import { nameOf } from '../resolve/name-of.ts';

/** Whether all connections that a flow has verified, or one of its entries, are verified without it, too. */
export function isTriedElsewhere(cluster: Cluster, flow: Flow, entry?: Place | PortRange): boolean {
  const others = cluster.verifications.filter(
    ({ origin, except }) => origin !== flow.origin && except.length === 0,
  );
  const known = new Set(others.map(keyOf));
  const own = cluster.verifications.filter(
    (each) => each.origin === flow.origin && (entry === undefined || concerns(each, entry)),
  );
  return own.every((each) => known.has(keyOf(each)));
}

function concerns({ from, to, probe }: Verification, entry: Place | PortRange): boolean {
  if (from === entry || to === entry) return true;
  return 'first' in entry && probe.kind === 'tcp' && probe.port === entry.first;
}

function keyOf({ from, to, probe }: Verification): string {
  return `${nameOf(from)} ${nameOf(to)} ${JSON.stringify(probe)}`;
}
