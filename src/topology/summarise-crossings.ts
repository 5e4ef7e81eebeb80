import { crosses, type FirewallHost, networksOf, uplinks } from '../firewall/places.ts';
import type { Cluster, Flow, Place } from '../resolve/cluster.ts';
import { nameOf } from '../resolve/name-of.ts';
import { type Crossing, type FlowText, OUTSIDE } from './topology.ts';

/** One network, or the outside, may open connections to another. */
type Pair = readonly [from: string, to: string];
type Ends = Omit<Crossing, 'flows'>;

/** The flows that cross a hypervisor, put together where they go between the same networks. */
export function summariseCrossings(cluster: Cluster): Crossing[] {
  const crossings = new Map<string, { readonly ends: Ends; readonly flows: readonly FlowText[] }>();
  for (const flow of cluster.flows) {
    const text = flowText(flow);
    for (const ends of factor(crossingPairs(cluster, flow))) {
      const key = JSON.stringify(ends);
      const known = crossings.get(key)?.flows ?? [];
      const isKnown = known.some(({ ports, text: what }) => ports === text.ports && what === text.text);
      crossings.set(key, { ends, flows: isKnown ? known : [...known, text] });
    }
  }
  return [...crossings.values()].map(({ ends, flows }) => ({ ...ends, flows }));
}

/** The pairs of networks between which a flow crosses one of the hypervisors, each once. */
function crossingPairs(cluster: Cluster, flow: Flow): Pair[] {
  const pairs = cluster.hypervisors.flatMap((hypervisor) => pairsAt({ cluster, hypervisor }, flow));
  return [...new Map(pairs.map((pair) => [pair.join(' '), pair])).values()];
}

function pairsAt(host: FirewallHost, { from, to }: Flow): Pair[] {
  const pairs = lanesOfPlaces(host, from).flatMap((source) =>
    lanesOfPlaces(host, to).map((target): Pair => [source, target]),
  );
  const hasWayOut = uplinks(host).length > 0;
  return pairs.filter(
    ([source, target]) =>
      crosses(host, laneOf(host.cluster, source), laneOf(host.cluster, target)) &&
      (target !== OUTSIDE || hasWayOut),
  );
}

/** The networks that places have addresses in. The hypervisor itself is in none: nothing crosses on the way there. */
function lanesOfPlaces(host: FirewallHost, places: readonly Place[]): string[] {
  const networks = places.flatMap((place) => networksOf(host, place));
  return [...new Set(networks.map((network) => network?.name ?? OUTSIDE))];
}

function laneOf({ networks }: Cluster, lane: string): Place {
  const network = networks.find(({ name }) => name === lane);
  return network === undefined ? { kind: 'internet' } : { kind: 'network', network };
}

/**
 * A few crossings that say the same as many pairs: first those whose ends all reach one another, then each set of
 * sources with all that exactly they reach.
 */
function factor(pairs: readonly Pair[]): Ends[] {
  const all: Ends[] = [];
  let left = pairs;
  for (let mutual = findMutual(left); mutual.length > 0; mutual = findMutual(left)) {
    const inside = mutual;
    left = left.filter(([from, to]) => !(inside.includes(from) && inside.includes(to)));
    all.push({ from: inside, to: inside, isMutual: true });
  }
  const bySources = new Map<string, { readonly from: string[]; readonly to: string[] }>();
  for (const target of new Set(left.map(([, to]) => to))) {
    const from = left.filter(([, to]) => to === target).map(([source]) => source);
    const key = JSON.stringify(from.sort());
    const known = bySources.get(key) ?? { from, to: [] };
    known.to.push(target);
    bySources.set(key, known);
  }
  return [...all, ...[...bySources.values()].map((ends) => ({ ...ends, isMutual: false }))];
}

/** Lanes of which each reaches each other one; none if no two do. */
function findMutual(pairs: readonly Pair[]): string[] {
  const known = new Set(pairs.map((pair) => pair.join(' ')));
  const both = (a: string, b: string) => known.has(`${a} ${b}`) && known.has(`${b} ${a}`);
  const first = pairs.find(([from, to]) => both(from, to));
  if (first === undefined) return [];
  const lanes = [...first];
  for (const lane of new Set(pairs.flat())) {
    if (lanes.every((other) => both(lane, other))) lanes.push(lane);
  }
  return lanes.sort();
}

function flowText({ from, to, ports, reason }: Flow): FlowText {
  const names = (places: readonly Place[]) => places.map(nameOf).join(', ');
  return {
    ports: ports.length === 0 ? 'all ports' : ports.join(', '),
    text: reason === '' ? `${names(from)} to ${names(to)}` : reason,
  };
}
