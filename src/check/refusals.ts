import { bridgeOn } from '../resolve/addressing.ts';
import { hasCardIn } from '../resolve/cards.ts';
import type { Cluster, Flow, Hypervisor, Network, Node, Place, Verification } from '../resolve/cluster.ts';
import { letsOpen } from '../resolve/modes.ts';
import { networksIn } from '../resolve/networks-in.ts';
import { oneOfEach } from './needed-connections.ts';
import { wayTo } from './way.ts';

/** The first machine that cannot try a connection, and the network whose mode keeps it from that. */
export function refusalOfCheck(
  cluster: Cluster,
  { from, except, to }: Verification,
): { readonly source: string; readonly network: Network } | undefined {
  // A hypervisor answers in each of its networks.
  if (to.kind === 'hypervisor') return undefined;
  const targets = to.kind === 'node' ? [to.node.network] : networksIn(cluster, to);
  const sources = from.kind === 'hypervisor' ? [from.hypervisor] : oneOfEach(nodesOf(cluster, from, except));
  for (const source of sources) {
    const refusals = targets.map((target) =>
      'nics' in source ? refusalOfNode(cluster, source, target) : refusalOfHost(source, target),
    );
    const [network] = refusals;
    if (network !== undefined && !refusals.includes(undefined)) return { source: source.name, network };
  }
  return undefined;
}

function nodesOf({ nodes }: Cluster, from: Place, except: readonly Node[]): Node[] {
  const named =
    from.kind === 'node'
      ? [from.node]
      : from.kind === 'role'
        ? from.role.nodes
        : nodes.filter((node) => from.kind === 'network' && hasCardIn(node, from.network));
  return named.filter((node) => !except.includes(node));
}

function refusalOfNode(cluster: Cluster, node: Node, target: Network | undefined): Network | undefined {
  if (target === undefined) return letsOpen(node.network, undefined) ? undefined : node.network;
  const way = wayTo(cluster, node, target);
  return way === 'no route' || !('refusedBy' in way) ? undefined : way.refusedBy;
}

function refusalOfHost(hypervisor: Hypervisor, target: Network | undefined): Network | undefined {
  if (target === undefined || bridgeOn(target, hypervisor) !== undefined) return undefined;
  return letsOpen(undefined, target) ? undefined : target;
}

/** The network whose mode keeps all of a flow from opening, and the end of the flow that it is. */
export function refusalOfFlow(
  cluster: Cluster,
  { from, to }: Flow,
): { readonly network: Network; readonly end: 'from' | 'to' } | undefined {
  const sources = endsOf(cluster, from);
  const targets = endsOf(cluster, to);
  if (sources === undefined || targets === undefined) return undefined;
  if (sources.some((source) => targets.some((target) => opens(source, target)))) return undefined;
  const entered = targets.find((target) => !letsOpen(undefined, target));
  if (entered !== undefined) return { network: entered, end: 'to' };
  const left = sources.find((source) => !letsOpen(source, undefined));
  return left === undefined ? undefined : { network: left, end: 'from' };
}

/** The networks of places; nothing where a hypervisor is one of them, which reaches its own networks whatever their mode. */
function endsOf(cluster: Cluster, places: readonly Place[]): (Network | undefined)[] | undefined {
  const networks: (Network | undefined)[] = [];
  for (const place of places) {
    if (place.kind === 'hypervisor') return undefined;
    networks.push(...networksIn(cluster, place));
  }
  return networks;
}

function opens(source: Network | undefined, target: Network | undefined): boolean {
  return (source !== undefined && source === target) || letsOpen(source, target);
}
