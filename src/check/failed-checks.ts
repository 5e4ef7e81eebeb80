import { kindOf } from '../reach/alike.ts';
import { serviceOf } from '../reach/needs.ts';
import { addressOf } from '../resolve/address-of.ts';
import type { Cluster, Hypervisor, Network, Node, Place, Verification } from '../resolve/cluster.ts';
import { firstOfEach } from '../resolve/group-by.ts';
import { nameOf } from '../resolve/name-of.ts';
import { oncePer, oncePerCluster } from '../resolve/once-per-cluster.ts';
import { machinesOf, nodesAt } from '../resolve/resolve-places.ts';
import { subnetOf } from '../resolve/subnets.ts';
import { type Failure, lostOf } from './lost-connections.ts';
import { type AnyConnection, type Target, targetOf } from './needed-connections.ts';

/** Something that is verified because the model says so, as one machine tries it. */
export interface Check extends AnyConnection {
  readonly verification: Verification;
}

export type FailedCheck = Check & Failure;

/** How many connections are tried. What would be found beyond is not found: a miss, never a false alarm. */
const MOST_TRIED = 5000;

/** What `verify` and flows say to try, and what cannot succeed. */
export const failedChecks = oncePerCluster((cluster): FailedCheck[] => lostOf(cluster, checksIn(cluster)));

/** Those of them that an entry of `verify` says. */
export function failedEntries(cluster: Cluster): FailedCheck[] {
  return failedChecks(cluster).filter(({ at: [section] }) => section === 'verify');
}

/** Of machines that nothing tells apart the first tries, and is tried. Many entries start or end at the same place. */
function* checksIn(cluster: Cluster): Generator<Check> {
  const sourcesAt = oncePer((place: Place) => sourcesIn(cluster, place));
  const targetsAt = oncePer((place: Place) => targetsIn(cluster, place));
  let left = MOST_TRIED;
  for (const verification of cluster.verifications) {
    const { from: source, to: target, probe, origin: at } = verification;
    if (at === undefined) continue;
    for (const from of sourcesAt(source)) {
      for (const to of targetsAt(target)) {
        if (left === 0) return;
        left -= 1;
        yield { from, to, ...serviceOf(probe), what: 'an answer', at, verification };
      }
    }
  }
}

function sourcesIn(cluster: Cluster, place: Place): readonly (Node | Hypervisor)[] {
  return place.kind === 'hypervisor' ? [place.hypervisor] : oneOfKind(cluster, nodesAt(cluster, place));
}

function targetsIn(cluster: Cluster, place: Place): Target<Network | undefined>[] {
  if (place.kind === 'role') return oneOfKind(cluster, place.role.nodes).map(targetOf);
  return machinesOf(place).map((one) => {
    if (one.kind === 'node') return targetOf(one.node);
    const ip = addressOf(one);
    const around = cluster.networks.find((network) => subnetOf(network, ip) !== undefined);
    return { name: nameOf(one), network: one.kind === 'vip' ? one.vip.network : around, ip, holders: [] };
  });
}

function oneOfKind(cluster: Cluster, nodes: readonly Node[]): Node[] {
  return firstOfEach(nodes, (node) => kindOf(cluster, node));
}
