import { has } from '../check/cover/spans.ts';
import type { Ipv4 } from '../net/ipv4.ts';
import type { Cluster, Node } from '../resolve/cluster.ts';
import { firstOfEach } from '../resolve/group-by.ts';
import { oncePer, oncePerCluster } from '../resolve/once-per-cluster.ts';
import { firewallsOf } from './judge.ts';
import { type Card, holdersOf, type Machine, machineOf } from './machines.ts';
import { type World, worldOf } from './world.ts';

/**
 * Texts that are one for what nobody on the way can tell apart: machines whose cards are in the same networks, and of whose
 * addresses no rule of a firewall has one and not the other. What becomes of a packet of one becomes of all of them.
 */
export interface Kinds {
  of(machine: Machine): string;
  /** The addresses on the same card of machines of a kind are of a kind. */
  ofAddress(ip: Ipv4): string;
}

export const kindsIn = oncePer(({ cluster, machines }: World): Kinds => {
  const setsWith = setsIn(cluster);
  const isAlone = ({ ip }: Card) => holdersOf(machines, ip).length === 1;
  const kindOf = ({ kind, name, cards, held }: Machine) =>
    kind === 'node' && held.length === 0 && cards.every(isAlone)
      ? cards.map(({ network, cidr, ip }) => `${network.name} ${cidr} ${setsWith(ip)}`).join(', ')
      : `${kind} ${name}`;
  const known = new Map<Machine, string>();
  const of = (machine: Machine) => {
    const kind = known.get(machine) ?? kindOf(machine);
    known.set(machine, kind);
    return kind;
  };
  return {
    of,
    ofAddress: (ip) => {
      const [holder] = holdersOf(machines, ip);
      const card = holder?.cards.findIndex((one) => one.ip.equals(ip)) ?? -1;
      return holder === undefined || card < 0 ? `${ip}` : `${of(holder)}, card ${card}`;
    },
  };
});

/** The kind of a node where nothing has failed. */
export function kindOf(cluster: Cluster, { name }: Node): string {
  const machine = machineOf(cluster, name);
  return machine === undefined ? name : kindsIn(worldOf(cluster)).of(machine);
}

/** Tells which of the sets of addresses that rules ask about have an address. */
const setsIn = oncePerCluster((cluster): ((ip: Ipv4) => string) => {
  const steps = [...firewallsOf(cluster).values()].flatMap((firewall) => [...firewall.steps.values()].flat());
  const asked = steps.flatMap(({ tests }) =>
    tests.flatMap((test) => (test.field === 'saddr' || test.field === 'daddr' ? [test.values] : [])),
  );
  const sets = firstOfEach(new Set(asked), String);
  return ({ value }) => sets.reduce((text, set, index) => (has(set, value) ? `${text} ${index}` : text), '');
});
