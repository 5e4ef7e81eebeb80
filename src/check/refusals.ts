import type { Cluster, Flow, Network, Place } from '../resolve/cluster.ts';
import { letsOpen } from '../resolve/modes.ts';
import { networksIn } from '../resolve/networks-in.ts';

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
