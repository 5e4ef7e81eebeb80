import type { Cluster, Flow, Place } from '../resolve/cluster.ts';
import { rangesOf } from '../resolve/subnets.ts';

/** Between whom a flow opens a whole network to everybody, at all ports, if it does. */
export function openToEverybody(
  { networks }: Pick<Cluster, 'networks'>,
  { from, to, ports, origin }: Flow,
): { readonly from: Place; readonly to: Place } | undefined {
  const isAnyPort = ports.length === 0 || ports.some(({ first, last }) => first === 1 && last === 65535);
  const source = from.find(isEverybody);
  const target = to.find((place) => isWhole(networks, place));
  if (origin === undefined || !isAnyPort || source === undefined || target === undefined) return undefined;
  return { from: source, to: target };
}

function isEverybody(place: Place): boolean {
  return place.kind === 'internet' || (place.kind === 'address' && place.cidr.prefix === 0);
}

/** Whether a place has all nodes in it, or all of a network that a hypervisor guards. */
function isWhole(networks: Cluster['networks'], place: Place): boolean {
  if (place.kind === 'role') return ['nodes', 'kubernetes'].includes(place.role.name);
  if (place.kind === 'network') return place.network.router.hypervisor !== undefined;
  if (place.kind !== 'address') return false;
  const { cidr } = place;
  return networks
    .filter(({ router }) => router.hypervisor !== undefined)
    .some((network) => rangesOf(network).every(({ network: first, last }) => cidr.includes(first, last)));
}

/** The cluster without such flows: they are the mistake, not those that they make redundant. */
export function narrow(cluster: Cluster): Cluster {
  return { ...cluster, flows: cluster.flows.filter((flow) => openToEverybody(cluster, flow) === undefined) };
}
