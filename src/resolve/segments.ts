import type { Cluster, Network } from './cluster.ts';
import { groupBy } from './group-by.ts';
import { oncePer } from './once-per-cluster.ts';

/** The networks of each broadcast domain: what is sent in one of them arrives in the others. */
export function networksBySegment({ networks }: Pick<Cluster, 'networks'>): Network[][] {
  return [...groupBy(networks, (network) => segmentOf(network).text).values()];
}

/** Whether what is sent in one network arrives in the other. */
export function isOneSegment(one: Network, other: Network): boolean {
  return one === other || segmentOf(one).text === segmentOf(other).text;
}

/** A text for the bridges and the VLAN of a network: a network in bridge mode is on all bridges of its segment. */
const segmentOf = oncePer(({ bridges, vlan }: Network) => ({
  text: JSON.stringify([bridges.map(({ hypervisor, name }) => [hypervisor.name, name]), vlan]),
}));
