import type { Path } from '../diagnostics/diagnostic.ts';
import type { Rule } from '../firewall/ruleset.ts';
import type { Cidr } from '../net/cidr.ts';
import type { Ipv4 } from '../net/ipv4.ts';
import type { Cluster } from '../resolve/cluster.ts';
import { isOneSegment } from '../resolve/segments.ts';
import { subnetOf } from '../resolve/subnets.ts';
import { judge, type Passing } from './judge.ts';
import { type Forwarded, isMasqueradedByLibvirt, refusedByLibvirt } from './libvirt-rules.ts';
import { type Card, cardWith, holdersOf, type Machine, machinesOf, neighbour, type Way } from './machines.ts';
import type { Packet } from './packet.ts';
import {
  helpToOpen,
  inCircles,
  nobody,
  noRoute,
  noRouter,
  notSeen,
  notTheAsker,
  refusedBy,
  refusedByMode,
  type Stop,
  toEverybody,
} from './stops.ts';

/** A connection, or a ping, that is asked for. */
export interface Question {
  readonly from: Machine;
  readonly to: Ipv4;
  readonly protocol: Packet['protocol'];
  readonly port: number | undefined;
  /** Who has that address, where that is not whoever has it while nothing fails. */
  readonly holder?: Machine | undefined;
}

/** A machine that a packet comes by, with its addresses as they leave there. */
export interface Hop {
  readonly machine: Machine;
  readonly saddr: Ipv4;
  readonly daddr: Ipv4;
  /** The card that it leaves by; none where it arrives, or goes to nobody knows where. */
  readonly card: Card | undefined;
  readonly via: Ipv4 | undefined;
  /** What lets it pass there, in the words of the ruleset. */
  readonly passedBy: string | undefined;
}

/** The hops of one direction, and what stopped it there, if anything. */
export interface Leg {
  readonly hops: readonly Hop[];
  readonly stop: Stop | undefined;
  /** The machine that stops it, where it is one of those on the way. */
  readonly stoppedAt?: Machine;
}

/** What becomes of a connection: it stands where neither leg is stopped. */
export interface Answer {
  readonly question: Leg;
  readonly answer: Leg | undefined;
  /** Where the rules of people's own stand that may decide otherwise on the way. */
  readonly unsure: ReadonlySet<Path>;
}

/** The first thing that stops a connection, there or back. */
export function stopOf({ question, answer }: Answer): Stop | undefined {
  return question.stop ?? answer?.stop;
}

/** More hops than any model has hypervisors: who needs them goes in a circle. */
const MOST_HOPS = 16;

/** The addresses of a connection before and after a hypervisor that knows it. */
interface Tracked {
  readonly before: Ipv4;
  readonly after: Ipv4;
}

/**
 * Follows a connection there and back, as the model's own files have machines route, translate and filter it. Machines that
 * have failed are not among those that are given.
 */
export function reach(
  cluster: Cluster,
  { from, to, protocol, port, holder }: Question,
  machines: readonly Machine[] = machinesOf(cluster),
): Answer {
  const unsure = new Set<Path>();
  const way = wayOf(from, to);
  if (way === undefined)
    return { question: { hops: [], stop: noRoute(from, to) }, answer: undefined, unsure };
  const saddr = sourceOf(from, way, to);
  const packet: Packet = { saddr, daddr: to, protocol, port, state: 'new' };
  // Who asks knows the answer, too.
  const tracked = new Map<Machine, Tracked>([[from, { before: saddr, after: saddr }]]);
  const ends = holder ? [from, holder] : [from];
  const trip: Trip = { cluster, machines, from, ends, tracked, unsure, isAnswer: false };
  const question = travel(trip, packet);
  const end = question.hops.at(-1);
  if (question.stop !== undefined || end === undefined) return { question, answer: undefined, unsure };
  const back: Packet = { saddr: end.daddr, daddr: end.saddr, protocol, port: undefined, state: 'new' };
  const answer = travel({ ...trip, from: end.machine, isAnswer: true }, back);
  const half = protocol === 'tcp' ? halfSeen(cluster, question, answer) : undefined;
  return { question, answer: { ...answer, stop: answer.stop ?? astray(from, answer) ?? half }, unsure };
}

interface Trip {
  readonly cluster: Cluster;
  readonly machines: readonly Machine[];
  readonly from: Machine;
  /** Who asks, and need be no machine of the model, and who is asked where that is said. */
  readonly ends: readonly Machine[];
  readonly tracked: Map<Machine, Tracked>;
  readonly unsure: Set<Path>;
  readonly isAnswer: boolean;
}

/** A packet at a machine, and the card that it came in by. */
interface Visit {
  readonly machine: Machine;
  readonly packet: Packet;
  readonly entered: Card | undefined;
}

/** One direction: from machine to machine until somebody has the address. */
function travel(trip: Trip, packet: Packet): Leg {
  const hops: Hop[] = [];
  let visit: Visit = { machine: trip.from, packet, entered: undefined };
  while (hops.length < MOST_HOPS) {
    const done = step(trip, visit);
    if ('message' in done) return { hops, stop: done, stoppedAt: visit.machine };
    hops.push(done.hop);
    if (done.next === undefined) return { hops, stop: undefined };
    visit = done.next;
  }
  return { hops, stop: inCircles(visit.machine, packet.daddr) };
}

/** What a machine does with a packet: it takes it, or sends it on to the next one, or stops it. */
function step(trip: Trip, visit: Visit): Stop | { hop: Hop; next?: Visit } {
  const { cluster } = trip;
  const { machine, entered } = visit;
  const packet = received(trip, visit);
  const { saddr, daddr, protocol, port, state } = packet;
  const arrived: Hop = { machine, saddr, daddr, card: undefined, via: undefined, passedBy: undefined };
  const own = cardWith(machine, daddr);
  if (own !== undefined) {
    const stop = entered && filter(trip, machine, { packet, from: entered, to: own, hook: 'input' }).stop;
    return stop ?? { hop: arrived };
  }
  if (machine.kind === 'node' && entered !== undefined) return noRouter(machine, daddr);
  const way = wayOf(machine, daddr);
  if (way === undefined) {
    const isBeyond = machine.kind === 'outside' && !isKnown(cluster, daddr);
    return isBeyond ? { hop: arrived } : noRoute(machine, daddr, entered);
  }
  const { card, via } = way;
  if (via === undefined && isBroadcast(way.to, daddr)) return toEverybody(card, daddr);
  const passed =
    entered === undefined
      ? { saddr, by: undefined }
      : pass(trip, machine, { packet, from: entered, to: card });
  if ('message' in passed) return passed;
  if (entered !== undefined && !trip.isAnswer)
    trip.tracked.set(machine, { before: saddr, after: passed.saddr });
  // A next hop of one's own is none: Linux then looks for the address itself on the link (fib_check_nh).
  const hop = via !== undefined && cardWith(machine, via) === undefined ? via : undefined;
  const target = hop ?? daddr;
  const ends = trip.ends.filter((end) => cardWith(end, target) !== undefined);
  const next =
    neighbour(ends, card.network, target) ??
    neighbour(holdersOf(trip.machines, target), card.network, target);
  if (next === undefined || next === machine) return nobody(card, target, hop !== undefined);
  return {
    hop: { machine, saddr: passed.saddr, daddr, card, via: hop, passedBy: passed.by },
    next: {
      machine: next,
      packet: { saddr: passed.saddr, daddr, protocol, port, state },
      entered: cardTowards(next, card, target),
    },
  };
}

/** A packet as a machine sees it: a translation is undone before anything is decided (netfilter: prerouting). */
function received({ from, tracked, isAnswer }: Trip, { machine, packet }: Visit): Packet {
  const known = tracked.get(machine);
  const isOurs = isAnswer && known !== undefined && packet.daddr.equals(known.after);
  const { saddr, daddr, protocol, port } = packet;
  const state = stateAt(packet, isAnswer, machine === from || known !== undefined);
  return { saddr, daddr: isOurs ? known.before : daddr, protocol, port, state };
}

/** What a firewall calls a packet: of a connection whose beginning it has not seen, an answer belongs to nothing. */
function stateAt({ protocol }: Packet, isAnswer: boolean, isKnown: boolean): Packet['state'] {
  if (!isAnswer) return 'new';
  if (isKnown) return 'established';
  return protocol === 'udp' ? 'new' : 'invalid';
}

/** A packet as a hypervisor, or a router outside, passes it on: with another source, maybe. */
function pass(
  trip: Trip,
  machine: Machine,
  forwarded: Forwarded,
): Stop | { saddr: Ipv4; by: string | undefined } {
  const { hypervisor, name } = machine;
  const { packet, from, to } = forwarded;
  if (hypervisor === undefined) return { saddr: packet.saddr, by: undefined };
  const closed = refusedByLibvirt(forwarded);
  if (closed !== undefined) return refusedByMode(closed, name);
  const { stop, rule } = filter(trip, machine, { packet, from, to, hook: 'forward' });
  if (stop !== undefined) return stop;
  const leaving: Passing = { packet, iif: from.interface, oif: to.interface, hook: 'postrouting' };
  const isTranslated =
    packet.state === 'new' &&
    (isMasqueradedByLibvirt(forwarded) || judge(trip.cluster, hypervisor, leaving).verdict === 'masquerade');
  return { saddr: isTranslated ? to.ip : packet.saddr, by: rule?.comment };
}

/** A packet that goes on to another network, or is for the machine itself. */
interface Filtered extends Forwarded {
  readonly hook: 'forward' | 'input';
}

/** Asks the firewall of a hypervisor: the rule that lets a packet pass, or what stops it. */
function filter(
  trip: Trip,
  machine: Machine,
  { packet, from, to, hook }: Filtered,
): { stop?: Stop; rule?: Rule | undefined } {
  if (machine.hypervisor === undefined) return {};
  const { cluster, unsure, isAnswer } = trip;
  const oif = hook === 'forward' ? to.interface : '';
  const judged = judge(cluster, machine.hypervisor, { packet, iif: from.interface, oif, hook });
  for (const { origin } of judged.unsure) unsure.add(origin);
  const { verdict, rule } = judged;
  if (verdict !== 'refuse') return { rule };
  const help = isAnswer ? undefined : helpToOpen(cluster, packet);
  return { stop: refusedBy({ machine, rule, network: to.network, help }) };
}

/** An answer that another machine takes, with the address that the asker has as well. */
function astray(asker: Machine, { hops }: Leg): Stop | undefined {
  const end = hops.at(-1);
  return end === undefined || end.machine.name === asker.name
    ? undefined
    : notTheAsker(end.machine, end.daddr);
}

/** A firewall that saw the question and not the answer takes what follows for part of no connection. */
function halfSeen(cluster: Cluster, question: Leg, answer: Leg): Stop | undefined {
  for (const [index, hop] of question.hops.entries()) {
    const { machine, card } = hop;
    const entered = question.hops[index - 1];
    if (machine.hypervisor === undefined || card === undefined || entered?.card === undefined) continue;
    if (answer.hops.some((back) => back.machine === machine)) continue;
    const { saddr, daddr } = entered;
    const packet: Packet = { saddr, daddr, protocol: 'tcp', port: undefined, state: 'invalid' };
    const iif = cardTowards(machine, entered.card, entered.via ?? daddr).interface;
    const passing = { packet, iif, oif: card.interface, hook: 'forward' as const };
    if (judge(cluster, machine.hypervisor, passing).verdict !== 'refuse') continue;
    return notSeen(machine);
  }
  return undefined;
}

export function wayOf({ ways }: Machine, ip: Ipv4): Way | undefined {
  return ways.find(({ to }) => to.contains(ip));
}

/** A machine speaks with the address of the card that it asks by; on the outside with one that is nobody's. */
export function sourceOf({ kind, cards, speaks }: Machine, { card }: Way, to: Ipv4): Ipv4 {
  if (speaks !== undefined) return speaks;
  const beside = cards.find(({ network, cidr }) => network === card.network && cidr.contains(to));
  return kind === 'node' && beside !== undefined ? beside.ip : card.ip;
}

/** The card of a machine that a packet comes in by, sent on a card of somebody else's to an address. */
function cardTowards(machine: Machine, sent: Card, ip: Ipv4): Card {
  const here = [...machine.cards, ...machine.held].filter(({ network }) =>
    isOneSegment(network, sent.network),
  );
  return here.find((card) => card.ip.equals(ip)) ?? here[0] ?? sent;
}

/** Whether an address is of the cluster, be it in no network: then it is not found outside. */
function isKnown(cluster: Cluster, ip: Ipv4): boolean {
  return (
    cluster.networks.some((network) => subnetOf(network, ip) !== undefined) ||
    holdersOf(machinesOf(cluster), ip).length > 0
  );
}

/** Linux sends nothing to the broadcast address of a range that it has an address in; the first one is a host's (ip(7), 5.14). */
function isBroadcast({ prefix, last }: Cidr, ip: Ipv4): boolean {
  return prefix < 31 && last.equals(ip);
}
