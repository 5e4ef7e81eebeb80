import { addressIn, bridgeOn } from '../resolve/addressing.ts';
import type { Cluster, Hypervisor, Network } from '../resolve/cluster.ts';
import { isOneSegment } from '../resolve/segments.ts';

/**
 * The networks in groups between which packets find a way: they share a bridge, or a hypervisor has an address in each,
 * or carries it for routers outside that know one another.
 * The same addresses in two of these groups are two different machines.
 */
export function routingDomains(cluster: Pick<Cluster, 'networks' | 'hypervisors'>): Network[][] {
  let domains: Network[][] = [];
  for (const network of cluster.networks) {
    const touched = domains.filter((domain) => domain.some((other) => areJoined(cluster, network, other)));
    domains = [...domains.filter((domain) => !touched.includes(domain)), [...touched.flat(), network]];
  }
  return domains;
}

function areJoined({ hypervisors }: Pick<Cluster, 'hypervisors'>, one: Network, other: Network): boolean {
  return (
    isOneSegment(one, other) || hypervisors.some((host) => isKnownAt(host, one) && isKnownAt(host, other))
  );
}

/** Whether a host has an address in a network that is there, or routers outside that know the cluster's networks lead there. */
function isKnownAt(host: Hypervisor, network: Network): boolean {
  const isLedTo = network.router.returnRoute && bridgeOn(network, host) !== undefined;
  return isLedTo || addressIn(network, host) !== undefined;
}

/** Whether nothing of one network ever meets the other: nobody opens connections into either, and no host has both. */
export function areApart(one: Network, other: Network): boolean {
  const isShut = ({ mode }: Network) => mode === 'nat' || mode === 'isolated';
  return isShut(one) && isShut(other) && one.router.hypervisor !== other.router.hypervisor;
}
