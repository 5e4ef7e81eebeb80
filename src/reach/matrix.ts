import type { Cluster } from '../resolve/cluster.ts';
import { firstOfEach, groupBy } from '../resolve/group-by.ts';
import { type Kinds, kindsIn } from './alike.ts';
import { askersIn } from './askers.ts';
import { cardWith, holdersOf, type Machine, machinesOf } from './machines.ts';
import { type Asked, type Need, needsOf, type Service, type Target, verifiedNeeds } from './needs.ts';
import { type Answer, reach } from './reach.ts';
import type { World } from './world.ts';

/** A connection of one machine to one target: what becomes of it becomes of all that are alike. */
export interface Cell extends Asked {
  readonly from: Machine;
  readonly answer: Answer;
  /** Why it has to work, if it has to. */
  readonly needs: readonly Need[];
}

/** Machines that are alike, and what becomes of what they ask. */
export interface Row {
  readonly askers: readonly Machine[];
  /** In the order of the columns. */
  readonly cells: readonly Cell[];
}

export interface Matrix {
  /** Targets that are alike, and what is asked of them. */
  readonly columns: readonly (readonly Asked[])[];
  readonly rows: readonly Row[];
}

/** What becomes of each connection to what virtual IPs are there for, and to what is verified, whoever opens it. */
export function matrixOf(world: World): Matrix {
  const kinds = kindsIn(world);
  const columns = groupBy(askedIn(world.cluster), (asked) => kindOfAsked(kinds, asked));
  const services = new Set([...columns.values()].flat().map(serviceKey));
  const needs = needsOf(world.cluster).filter((need) => services.has(serviceKey(need)));
  const needed = neededPairs(world, needs, kinds);
  const rows = groupBy(askersIn(world), kinds.of);
  return {
    columns: [...columns.values()],
    rows: [...rows].map(([kind, askers]) => ({
      askers,
      cells: [...columns].map(([key, asked]) =>
        connect(world, { askers, asked, needs: needed.get(`${kind} > ${key}`)?.needs ?? [] }),
      ),
    })),
  };
}

/** What becomes of all that has to work, be it of no interest in the matrix, such as the ports of Kubernetes' own. */
export function neededCells(world: World): Cell[] {
  return [...neededPairs(world, needsOf(world.cluster), kindsIn(world)).values()].map((pair) =>
    connect(world, pair),
  );
}

/** Each target with each service once. */
function askedIn(cluster: Cluster): Asked[] {
  const frontends = cluster.vips.flatMap((vip) => {
    // By their ports, so that another name of one changes nothing.
    const ports = vip.frontends.map(({ port }) => port).sort((a, b) => a - b);
    return ports.map((port): Asked => ({ target: vip, protocol: 'tcp', port }));
  });
  const verified = verifiedNeeds(cluster).flatMap(({ to, protocol, port }) =>
    to.map((target): Asked => ({ target, protocol, port })),
  );
  return firstOfEach([...frontends, ...verified], (asked) => `${asked.target.ip} ${serviceKey(asked)}`);
}

function kindOfAsked(kinds: Kinds, { target, protocol, port }: Asked): string {
  return `${kinds.ofAddress(target.ip)} ${serviceKey({ protocol, port })}`;
}

function serviceKey({ protocol, port }: Service): string {
  return `${protocol} ${port}`;
}

/** Machines that are alike, targets that are, and why the ones have to reach the others. */
interface Pair {
  readonly askers: readonly Machine[];
  readonly asked: readonly Asked[];
  readonly needs: readonly Need[];
}

function neededPairs({ cluster, machines }: World, needs: readonly Need[], kinds: Kinds): Map<string, Pair> {
  const there = new Map(machines.map((machine) => [machine.name, machine]));
  const isGone = ({ ip }: Target) =>
    holdersOf(machines, ip).length === 0 && holdersOf(machinesOf(cluster), ip).length > 0;
  const pairs = new Map<string, Pair>();
  for (const need of needs) {
    const targets = need.to.filter((target) => !isGone(target)).map((target): Asked => ({ ...need, target }));
    const askers = need.from.flatMap(({ name }) => there.get(name) ?? []);
    const from = groupBy(askers, kinds.of);
    const to = groupBy(targets, (asked) => kindOfAsked(kinds, asked));
    for (const [kind, alike] of from) {
      for (const [key, asked] of to) {
        const pair = pairs.get(`${kind} > ${key}`) ?? { askers: alike, asked, needs: [] };
        pairs.set(`${kind} > ${key}`, { ...pair, needs: [...pair.needs, need] });
      }
    }
  }
  return pairs;
}

/** Tries one connection for all: between two machines, or of one to itself where there is no other. */
export function connect({ cluster, machines }: World, { askers, asked, needs }: Pair): Cell {
  const pairs = askers
    .slice(0, 2)
    .flatMap((from) =>
      asked.slice(0, 2).map(({ target, protocol, port }) => ({ from, target, protocol, port })),
    );
  const pair = pairs.find(({ from, target }) => cardWith(from, target.ip) === undefined) ?? pairs[0];
  if (pair === undefined) throw new Error('nobody asks nobody');
  return { ...pair, needs, answer: reach(cluster, { ...pair, to: pair.target.ip }, machines) };
}
