import { crossings, enters } from '../../firewall/places.ts';
import { pairsOf } from '../../firewall/rules.ts';
import type { PortRange } from '../../net/port-range.ts';
import { routedNetworks } from '../../resolve/addressing.ts';
import type { Cluster, Flow, Place } from '../../resolve/cluster.ts';
import { areHeld, type Box, type Effort, isFull, MOST_EFFORT, meet } from './boxes.ts';
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

/** A name, address or port of a flow that others make superfluous there. */
export interface HeldEntry extends HeldFlow {
  readonly side: 'from' | 'to' | 'ports';
  readonly entry: Place | PortRange;
}

/** The flows of a model, and what of them others hold: those that are derived, and others of the model. */
export function judgeFlows(cluster: Cluster): { flows: HeldFlow[]; entries: HeldEntry[] } {
  const space = new PacketSpace(cluster);
  const effort: Effort = { left: MOST_EFFORT };
  const boxed = (flow: Flow): Boxed => ({ flow, box: space.boxOf(flow) });
  const said = cluster.flows.filter(({ origin }) => origin !== undefined).reverse();
  let all = cluster.flows.filter((flow) => hasRules(cluster, flow)).map(boxed);
  const judge = (flow: Flow, part: Flow): HeldFlow[] => {
    if (effort.left < 0) return [];
    const others = all.filter((other) => other.flow !== flow);
    const by = holdersOf(crossingBoxes(cluster, part, space), others, effort);
    return by.length === 0 ? [] : [{ flow, by: by.map((holder) => holder.flow) }];
  };
  // Of two that hold each other the later one is superfluous: what is found so is no holder any more.
  const flows = said.flatMap((flow) => {
    const held = judge(flow, flow);
    if (held.length > 0) all = all.filter((other) => other.flow !== flow);
    return held;
  });
  const entries = said
    .filter((flow) => !flows.some((held) => held.flow === flow))
    .flatMap((flow) => {
      let left = flow;
      const found = slicesOf(flow).flatMap(({ side, entry, slice }) => {
        const held = judge(flow, { ...left, ...slice });
        if (held.length > 0) left = withoutEntry(left, { side, entry });
        return held.map((one): HeldEntry => ({ ...one, side, entry }));
      });
      all = all.map((one) => (one.flow === flow ? { flow, box: boxed(left).box } : one));
      return found;
    });
  return { flows: flows.reverse(), entries: entries.reverse() };
}

/** Whether a flow is let pass wherever it says: to the internet only where each router has an uplink. */
function hasRules(cluster: Cluster, { to }: Flow): boolean {
  const hosts = cluster.hypervisors.filter((host) => routedNetworks(cluster, host).length > 0);
  const isOut = hosts.every(({ bridges }) => bridges.some(({ uplink }) => uplink !== undefined));
  return isOut || !to.some(({ kind }) => kind === 'internet');
}

/** Each entry of a flow's lists, with the list that has it alone. */
function slicesOf({ from, to, ports }: Flow) {
  const many = <T>(list: readonly T[]) => (list.length > 1 ? list : []);
  return [
    ...many(from).map((entry) => ({ side: 'from', entry, slice: { from: [entry] } }) as const),
    ...many(to).map((entry) => ({ side: 'to', entry, slice: { to: [entry] } }) as const),
    ...many(ports).map((entry) => ({ side: 'ports', entry, slice: { ports: [entry] } }) as const),
  ];
}

function withoutEntry(flow: Flow, { side, entry }: Pick<HeldEntry, 'side' | 'entry'>): Flow {
  const left: readonly (Place | PortRange)[] = flow[side];
  return { ...flow, [side]: left.filter((other) => other !== entry) };
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
function holdersOf(boxes: readonly Box[], others: readonly Boxed[], effort: Effort): readonly Boxed[] {
  const hold = (some: readonly Boxed[]) =>
    boxes.every((box) =>
      areHeld(
        box,
        some.map((other) => other.box),
        effort,
      ),
    );
  const near = others.filter(({ box }) => boxes.some((one) => meet(one, box, effort)));
  if (boxes.length === 0) return [];
  const one = near.find((other) => hold([other]));
  if (one !== undefined) return [one];
  if (!hold(near)) return [];
  let needed = near;
  for (const other of near.toReversed()) {
    const rest = needed.filter((candidate) => candidate !== other);
    if (hold(rest)) needed = rest;
  }
  return needed;
}
