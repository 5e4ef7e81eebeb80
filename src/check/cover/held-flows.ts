import { crossings, enters } from '../../firewall/places.ts';
import { pairsOf } from '../../firewall/rules.ts';
import type { Cluster, Flow } from '../../resolve/cluster.ts';
import { areHeld, type Box, isFull, meet } from './boxes.ts';
import { PacketSpace } from './packet-space.ts';

/** A flow that others make superfluous. */
export interface HeldFlow {
  readonly flow: Flow;
  /** The flows that let pass all that it lets pass, none of which could be left out. */
  readonly by: readonly Flow[];
}

/** A flow with its packets. */
interface Boxed {
  readonly flow: Flow;
  readonly box: Box;
}

/**
 * The flows of a model that let nothing pass that derived flows or others of the model do not let pass already. Of two that
 * hold each other the later one is superfluous.
 */
export function heldFlows(cluster: Cluster): HeldFlow[] {
  const space = new PacketSpace(cluster);
  let others = cluster.flows.map((flow): Boxed => ({ flow, box: space.boxOf(flow) }));
  const held: HeldFlow[] = [];
  for (const flow of cluster.flows.filter(({ origin }) => origin !== undefined).reverse()) {
    const by = holdersOf(
      crossingBoxes(cluster, flow, space),
      others.filter((other) => other.flow !== flow),
    );
    if (by.length === 0) continue;
    held.unshift({ flow, by: by.map((holder) => holder.flow) });
    others = others.filter((other) => other.flow !== flow);
  }
  return held;
}

/** The packets of a flow that a firewall sees: between guests of one network none does. */
function crossingBoxes(cluster: Cluster, flow: Flow, space: PacketSpace): Box[] {
  const hosts = cluster.hypervisors.map((hypervisor) => ({ cluster, hypervisor }));
  return pairsOf(flow)
    .flatMap(([from, to]) => {
      const pair = { ...flow, from: [from], to: [to] };
      const ways = new Map(
        hosts
          .flatMap((host) => crossings(host, from, to))
          .map((way) => [way.map((end) => end?.name).join(' '), way]),
      );
      return [
        ...[...ways.values()].map((way) => space.boxBetween(way, pair)),
        ...hosts.flatMap((host) => (enters(host, from, to) ? [space.boxInto(host.hypervisor, pair)] : [])),
      ];
    })
    .filter(isFull);
}

/** Some that hold all of these boxes together, one alone where that is enough; none where not even all do. */
function holdersOf(boxes: readonly Box[], others: readonly Boxed[]): readonly Boxed[] {
  const hold = (some: readonly Boxed[]) =>
    boxes.every((box) =>
      areHeld(
        box,
        some.map((other) => other.box),
      ),
    );
  const near = others.filter(({ box }) => boxes.some((one) => meet(one, box)));
  if (boxes.length === 0 || !hold(near)) return [];
  const one = near.find((other) => hold([other]));
  if (one !== undefined) return [one];
  let needed = near;
  for (const other of near.toReversed()) {
    const rest = needed.filter((candidate) => candidate !== other);
    if (hold(rest)) needed = rest;
  }
  return needed;
}
