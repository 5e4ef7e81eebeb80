import { addressIn, nodeRoutes } from '../resolve/addressing.ts';
import { primaryCard } from '../resolve/cards.ts';
import type { Cluster, Hypervisor, Network, Nic, Node } from '../resolve/cluster.ts';
import { letsOpen } from '../resolve/modes.ts';

/** How a node's packets leave for a network, or what keeps new connections from getting there; neither without a route. */
export interface Way {
  readonly leaves?: Nic;
  readonly refusedBy?: Network;
}

/** The way of a node's connections into a network: its own card there, a route that it is given, or its default. */
export function wayTo(cluster: Cluster, node: Node, target: Network): Way {
  const own = node.nics.find(({ network }) => network === target);
  if (own !== undefined) return { leaves: own };
  const route = nodeRoutes(cluster, node).find(({ to }) => target.cidr.equals(to));
  if (route !== undefined) return { leaves: route.nic };
  if (!letsOpen(node.network, target))
    return { refusedBy: letsOpen(undefined, target) ? node.network : target };
  const { router } = node.network;
  const isKnown =
    router.hypervisor === undefined
      ? router.returnRoute || target.router.hypervisor === undefined
      : knowsWay(cluster, router.hypervisor, target);
  return isKnown ? { leaves: primaryCard(node) } : {};
}

/** Whether a hypervisor can pass packets on to a network: it is there, meets its router, or asks one that knows. */
function knowsWay({ networks }: Cluster, hypervisor: Hypervisor, target: Network): boolean {
  const far = target.router.hypervisor;
  if (far === undefined || far === hypervisor || addressIn(target, hypervisor) !== undefined) return true;
  return networks.some(
    (network) =>
      addressIn(network, hypervisor) !== undefined &&
      (addressIn(network, far) !== undefined || network.router.returnRoute),
  );
}
