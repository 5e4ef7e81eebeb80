import { bridgeOn } from '../resolve/addressing.ts';
import type { Cluster, Flow, Hypervisor, Network, Node, Place, Verification } from '../resolve/cluster.ts';
import { letsOpen } from '../resolve/modes.ts';
import { nameOf } from '../resolve/name-of.ts';
import { networksIn } from '../resolve/networks-in.ts';
import { machinesOf } from '../resolve/resolve-places.ts';
import { sourcesIn } from './needed-connections.ts';
import { wayTo } from './way.ts';

export interface RefusedCheck {
  readonly verification: Verification;
  /** The first machine that cannot try it. */
  readonly source: Node | Hypervisor;
  /** What it would reach. */
  readonly target: Place;
  /** The network whose mode keeps it from that. */
  readonly network: Network;
}

/** The checks of the model's `verify` that cannot succeed. What decides is where they start and the network they end in. */
export function* refusedChecks(cluster: Cluster): Generator<RefusedCheck> {
  const known = new Map<string, Omit<RefusedCheck, 'verification' | 'target'> | undefined>();
  const sourcesOf = sourcesIn(cluster);
  for (const verification of cluster.verifications) {
    const { from, to, origin } = verification;
    if (origin?.[0] !== 'verify') continue;
    for (const machine of machinesOf(to)) {
      // A hypervisor answers in each of its networks.
      if (machine.kind === 'hypervisor') continue;
      const targets = machine.kind === 'node' ? [machine.node.network] : networksIn(cluster, machine);
      const key = [nameOf(from), ...targets.map((network) => network?.name)].join(' ');
      if (!known.has(key)) {
        const sources = from.kind === 'hypervisor' ? [from.hypervisor] : sourcesOf(from);
        known.set(key, firstRefusal(cluster, sources, targets));
      }
      const refusal = known.get(key);
      if (refusal === undefined) continue;
      yield { verification, target: machine, ...refusal };
      break;
    }
  }
}

function firstRefusal(
  cluster: Cluster,
  sources: readonly (Node | Hypervisor)[],
  targets: readonly (Network | undefined)[],
): Omit<RefusedCheck, 'verification' | 'target'> | undefined {
  for (const source of sources) {
    const refusals = targets.map((target) =>
      'nics' in source ? refusalOfNode(cluster, source, target) : refusalOfHost(source, target),
    );
    const [network] = refusals;
    if (network !== undefined && !refusals.includes(undefined)) return { source, network };
  }
  return undefined;
}

function refusalOfNode(cluster: Cluster, node: Node, target: Network | undefined): Network | undefined {
  if (target === undefined) return letsOpen(node.network, undefined) ? undefined : node.network;
  return wayTo(cluster, node, target).refusedBy;
}

function refusalOfHost(hypervisor: Hypervisor, target: Network | undefined): Network | undefined {
  if (target === undefined || bridgeOn(target, hypervisor) !== undefined) return undefined;
  return letsOpen(undefined, target) ? undefined : target;
}

/** The network whose mode keeps all of a flow from opening, and the end of the flow that it is. */
export function refusalOfFlow(
  cluster: Cluster,
  { from, to }: Pick<Flow, 'from' | 'to'>,
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
