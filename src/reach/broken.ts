import type { Cluster } from '../resolve/cluster.ts';
import { firstOfEach, groupBy } from '../resolve/group-by.ts';
import { kindsIn } from './alike.ts';
import type { Failure } from './failure.ts';
import { holdersOf, type Machine } from './machines.ts';
import { connect } from './matrix.ts';
import { type Asked, type Need, needsOf, type Service } from './needs.ts';
import { stopOf } from './reach.ts';
import { gistOf } from './stops.ts';
import { type World, worldOf } from './world.ts';

/** Connections that worked before a failure and have to, and do not any more. */
export interface Broken extends Service {
  readonly from: readonly string[];
  readonly to: readonly string[];
  /** What they are for, as far as that is said. */
  readonly purposes: readonly string[];
  /** Why they do not work. */
  readonly reason: string;
}

/**
 * What is needed by those who still run: from each target that does, too, and from one of those that stand for one another,
 * such as the backends of a frontend.
 */
export function brokenBy(cluster: Cluster, failure: Failure): Broken[] {
  const needs = needsOf(cluster);
  const compare = new Comparison(cluster, failure);
  return [...groupBy([...needs.keys()], (index) => needs[index]?.instead ?? `${index}`).values()].flatMap(
    (group) => compare.broken(group.flatMap((index) => needs[index] ?? [])),
  );
}

/** A cluster before and after a failure. */
class Comparison {
  readonly #before: World;
  readonly #after: World;
  readonly #left: ReadonlyMap<string, Machine>;
  readonly #kindOf: (machine: Machine) => string;
  readonly #kindOfTarget: (asked: Asked) => string;

  constructor(cluster: Cluster, { world, cutOff }: Failure) {
    this.#before = worldOf(cluster);
    this.#after = world;
    this.#left = new Map(
      world.machines.filter(({ name }) => !cutOff.has(name)).map((machine) => [machine.name, machine]),
    );
    const [before, after] = [kindsIn(this.#before), kindsIn(world)];
    const now = (machine: Machine) => this.#left.get(machine.name) ?? machine;
    this.#kindOf = (machine) => `${before.of(machine)} / ${after.of(now(machine))}`;
    this.#kindOfTarget = ({ target: { ip } }) => `${before.ofAddress(ip)} / ${after.ofAddress(ip)}`;
  }

  /** Of needs whose targets stand for one another. */
  broken(needs: readonly Need[]): Broken[] {
    const askers = firstOfEach(
      needs.flatMap(({ from }) => from).filter(({ name }) => this.#left.has(name)),
      ({ name }) => name,
    );
    return [...groupBy(askers, this.#kindOf).values()].flatMap((alike) => this.#brokenFor(alike, needs));
  }

  #brokenFor(askers: readonly Machine[], needs: readonly Need[]): Broken[] {
    const [asker] = askers;
    const own = needs.filter(({ from }) => asker !== undefined && from.includes(asker));
    const asked = own.flatMap(({ to, protocol, port }) =>
      to.map((target): Asked => ({ target, protocol, port })),
    );
    const worked = [...groupBy(asked, this.#kindOfTarget).values()].filter(
      (targets) => stopOf(connect(this.#before, { askers, asked: targets, needs: [] }).answer) === undefined,
    );
    const there = worked.filter((targets) => !targets.every((target) => this.#isGone(target)));
    const say = (targets: readonly Asked[], reason: string): Broken[] =>
      own.slice(0, 1).map(({ protocol, port }) => ({
        ...{ from: askers.map(({ name }) => name), to: targets.map(({ target }) => target.name) },
        ...{ protocol, port, purposes: own.flatMap(({ purpose }) => purpose ?? []), reason },
      }));
    if (worked.length > 0 && there.length === 0) return say(worked.flat(), 'nobody is left to answer');
    const now = askers.flatMap(({ name }) => this.#left.get(name) ?? []);
    return there.flatMap((targets) => {
      const stop = stopOf(connect(this.#after, { askers: now, asked: targets, needs: [] }).answer);
      return stop === undefined ? [] : say(targets, gistOf(stop));
    });
  }

  #isGone({ target: { ip } }: Asked): boolean {
    const isHeld = ({ machines }: World) => holdersOf(machines, ip).length > 0;
    return isHeld(this.#before) && !isHeld(this.#after);
  }
}
