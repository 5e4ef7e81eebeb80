import * as fc from 'fast-check';
import { addressHolders } from '../../src/check/address-holders.ts';
import { judgeFlows } from '../../src/check/cover/held-flows.ts';
import { buildRuleset } from '../../src/firewall/build-ruleset.ts';
import { hypervisorAddresses } from '../../src/firewall/places.ts';
import type { Address, DecidingRule, Match, Rule, Ruleset } from '../../src/firewall/ruleset.ts';
import { Ipv4 } from '../../src/net/ipv4.ts';
import { PortRange } from '../../src/net/port-range.ts';
import type { Cluster, Flow, Hypervisor, Network } from '../../src/resolve/cluster.ts';
import { rangesOf, subnetOf } from '../../src/resolve/subnets.ts';
import { compileText, TWO_HOSTS } from './compile.ts';

const NAMES =
  'nodes kubernetes master load-balancer backup worker lan kube1 kube2 kvm1 kvm2 lb1 master1 worker2 backup1 api internet ' +
  '192.168.0.0/25 192.168.0.128/25 10.20.0.0/16 10.20.2.12 8.8.8.8 0.0.0.0/0';
const WORDS = NAMES.split(' ');

/** The cluster with a worker on each network, then with one more node of each role where it has some. */
const MODEL = TWO_HOSTS.replace(
  'vips:',
  `  worker1: { role: worker, network: kube1, ip: 10.20.1.21 }
  worker2: { role: worker, network: kube2, ip: 10.20.2.22 }
vips:`,
).concat(`firewall:\n  flows:\n    - { from: [${WORDS}], to: [${WORDS}] }\n`);
const GROWN = MODEL.replace(
  'vips:',
  `  lb3: { role: load-balancer, on: kvm1, network: lan, ip: 192.168.0.53 }
  lb4: { role: load-balancer, on: kvm1, network: lan, ip: 192.168.0.203 }
  master3: { role: master, network: kube1, ip: 10.20.1.13 }
  master4: { role: master, network: kube2, ip: 10.20.2.14 }
  worker3: { role: worker, network: kube1, ip: 10.20.1.23 }
  worker4: { role: worker, network: kube2, ip: 10.20.2.24 }
  backup2: { role: backup, network: kube2, ip: 10.20.2.61 }
  backup3: { role: backup, on: kvm1, network: lan, ip: 192.168.0.61 }
  backup4: { role: backup, on: kvm1, network: lan, ip: 192.168.0.205 }
vips:`,
);
const now = compileText(MODEL);
const later = compileText(GROWN);

/** A flow as the indexes of its places, and its ports. */
export interface Sketch {
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly ports: readonly string[];
}

function flowsOf(cluster: Cluster, sketches: readonly Sketch[]): Flow[] {
  const places = cluster.flows.at(-1)?.from ?? [];
  const pick = (numbers: readonly number[]) => numbers.flatMap((number) => places[number] ?? []);
  return sketches.map(({ from, to, ports }, index) => ({
    from: pick(from),
    to: pick(to),
    ports: ports.map(PortRange.of),
    reason: '',
    origin: ['firewall', 'flows', index],
  }));
}

function addressesOf(cluster: Cluster): Ipv4[] {
  const holders = addressHolders(cluster);
  const free = cluster.networks.flatMap(rangesOf).map(({ network }) => Ipv4.fromNumber(network.value + 200));
  const others = ['8.8.8.8', '9.9.9.9', '10.20.7.7', '192.168.0.140', '192.168.0.99'].map(Ipv4.of);
  const all = [...holders.map(({ ip }) => ip), ...free, ...others];
  return [...new Map(all.map((ip) => [ip.value, ip])).values()];
}

const ADDRESSES = addressesOf(later);

/** Ports between those that flows begin and end with, and a protocol that has none. */
const PORTS = [
  ...['22', '6443', '7000', '9100'].flatMap((port) => [port, `${port}/udp`]).map(PortRange.of),
  undefined,
];

/** The chain of a hypervisor that packets between two addresses come by, if any. */
function chainsOf(cluster: Cluster, hypervisor: Hypervisor): (string | undefined)[][] {
  const networkOf = (ip: Ipv4) => cluster.networks.find((network) => subnetOf(network, ip) !== undefined);
  const isRouted = (network: Network | undefined) => network?.router.hypervisor === hypervisor;
  const isOwn = (ip: Ipv4) => hypervisorAddresses(cluster, hypervisor).some((own) => isAmong(own, ip));
  return ADDRESSES.map((saddr) =>
    ADDRESSES.map((daddr) => {
      if (isOwn(saddr)) return undefined;
      if (isOwn(daddr)) return 'cluster_input';
      const [source, target] = [networkOf(saddr), networkOf(daddr)];
      return source !== target && (isRouted(source) || isRouted(target)) ? 'cluster_forward' : undefined;
    }),
  );
}

const CHAINS = new Map(later.hypervisors.map((hypervisor) => [hypervisor, chainsOf(later, hypervisor)]));

/** A rule that lets a flow pass: which, and the indexes of the addresses and ports that it is for. */
function openingOf({ matches, origin }: DecidingRule, { sets }: Ruleset) {
  const indexes = <T>(list: readonly T[], isMeant: (one: T) => boolean) =>
    list.flatMap((one, index) => (isMeant(one) ? [index] : []));
  const side = (key: 'saddr' | 'daddr') =>
    indexes(ADDRESSES, (ip) => matches.every((match) => holds(match, key, ip)));
  const said = matches.find((match) => match.on === 'ports');
  const isOpen = (port: PortRange | undefined) =>
    said === undefined ||
    said.ports.some(
      ({ protocol, first, last }) => protocol === port?.protocol && first <= port.first && port.last <= last,
    );
  const flow = Number(origin?.at(-1) ?? -1);
  return { flow, saddr: side('saddr'), daddr: side('daddr'), ports: indexes(PORTS, isOpen) };

  // Interfaces are no question: the only way out of these hosts is br0.
  function holds(match: Match, key: 'saddr' | 'daddr', ip: Ipv4): boolean {
    if (match.on !== 'address' || match.key !== key) return true;
    const { value } = match;
    const list =
      'set' in value
        ? (sets.find(({ name }) => name === value.set)?.elements ?? []).map((element) => element.value)
        : value;
    const isIn = list.some((one) => typeof one !== 'string' && isAmong(one, ip));
    return isIn !== (match.not ?? false);
  }
}

function isAmong(value: Address, ip: Ipv4): boolean {
  return value instanceof Ipv4 ? value.equals(ip) : value.contains(ip);
}

const words = fc.uniqueArray(fc.integer({ min: 0, max: WORDS.length - 1 }), { minLength: 1, maxLength: 3 });
const sketch: fc.Arbitrary<Sketch> = fc.record({
  from: words,
  to: words,
  ports: fc.oneof(
    fc.constant([]),
    fc.uniqueArray(fc.constantFrom('22', '6443', '6443-9100', '9100/udp', '22-7000/udp'), {
      minLength: 1,
      maxLength: 2,
    }),
  ),
});

/** Lists of flows between the places of a cluster with two hypervisors. */
export const flowLists: fc.Arbitrary<Sketch[]> = fc.array(sketch, { minLength: 1, maxLength: 8 });

/** Some of all packets, a bit for each. */
type Packets = Uint32Array;
const HOSTS = later.hypervisors.length;
const SIZE = Math.ceil((HOSTS * ADDRESSES.length ** 2 * PORTS.length) / 32);

const union = (list: readonly Packets[]): Packets => {
  const all = new Uint32Array(SIZE);
  for (const one of list) for (let at = 0; at < SIZE; at += 1) all[at] = (all[at] ?? 0) | (one[at] ?? 0);
  return all;
};
const isNone = (packets: Packets) => packets.every((bits) => bits === 0);
const isWithin = (inner: Packets, outer: Packets) =>
  inner.every((bits, at) => (bits & ~(outer[at] ?? 0)) === 0);

/** The packets that rules let pass for each of the flows that come last, and for the others together, which are derived. */
function trace(flows: readonly Flow[]): { derived: Packets; said: Packets[] } {
  const cluster = { ...later, flows: [...derivedOf(later), ...flows] };
  const reasons = new Set(derivedOf(later).map(({ reason }) => reason));
  const derived = new Uint32Array(SIZE);
  const said = flows.map(() => new Uint32Array(SIZE));
  const isOfFlow = (rule: Rule): rule is DecidingRule =>
    'matches' in rule &&
    rule.verdict === 'accept' &&
    (rule.origin !== undefined || reasons.has(rule.comment));
  for (const [host, hypervisor] of cluster.hypervisors.entries()) {
    const ruleset = buildRuleset({ cluster, hypervisor });
    for (const { name, rules } of ruleset.chains)
      for (const rule of rules.filter(isOfFlow)) {
        const { flow, saddr, daddr, ports } = openingOf(rule, ruleset);
        const packets = said[flow] ?? derived;
        for (const from of saddr)
          for (const to of daddr) {
            if (CHAINS.get(hypervisor)?.[from]?.[to] !== name) continue;
            for (const port of ports) {
              const packet = ((host * ADDRESSES.length + from) * ADDRESSES.length + to) * PORTS.length + port;
              packets[packet >>> 5] = (packets[packet >>> 5] ?? 0) | (1 << (packet & 31));
            }
          }
      }
  }
  return { derived, said };
}

const derivedOf = ({ flows }: Cluster) => flows.slice(0, -1);

/** A source, a target and a port of a flow, by their indexes; without a port there is one place for all. */
interface Atom {
  readonly flow: number;
  readonly from: number;
  readonly to: number;
  readonly ports: number;
  readonly packets: Packets;
}

/**
 * What is superfluous of some flows, found by tracing each packet: of the last flow first, each without what was found so before;
 * then the same of each entry of lists that have several.
 */
export function superfluous(sketches: readonly Sketch[]): { flows: number[]; entries: string[] } {
  const parts = sketches.flatMap(({ from, to, ports }, flow) =>
    from.flatMap((source, one) =>
      to.flatMap((target, two) =>
        (ports.length === 0 ? [undefined] : ports).map((port, three) => ({
          at: { flow, from: one, to: two, ports: three },
          sketch: { from: [source], to: [target], ports: port === undefined ? [] : [port] },
        })),
      ),
    ),
  );
  const { derived, said } = trace(
    flowsOf(
      later,
      parts.map(({ sketch }) => sketch),
    ),
  );
  let left = parts.map(({ at }, index): Atom => ({ ...at, packets: said[index] ?? derived }));
  const takeOut = (flow: number, isMeant: (atom: Atom) => boolean): boolean => {
    const own = union(
      left.filter((atom) => atom.flow === flow && isMeant(atom)).map(({ packets }) => packets),
    );
    const others = left.filter((atom) => atom.flow !== flow).map(({ packets }) => packets);
    const isHeld = !isNone(own) && isWithin(own, union([derived, ...others]));
    if (isHeld) left = left.filter((atom) => !(atom.flow === flow && isMeant(atom)));
    return isHeld;
  };
  const backwards = sketches.map((_, flow) => flow).reverse();
  const flows = backwards.filter((flow) => takeOut(flow, () => true));
  const entries = backwards
    .filter((flow) => !flows.includes(flow))
    .flatMap((flow) =>
      (['from', 'to', 'ports'] as const).flatMap((side) => {
        const count = sketches[flow]?.[side].length ?? 0;
        return Array.from({ length: count < 2 ? 0 : count }, (_, index) => index)
          .filter((index) => takeOut(flow, (atom) => atom[side] === index))
          .map((index) => `${flow}.${side}.${index}`);
      }),
    );
  return { flows: flows.sort((a, b) => a - b), entries: entries.sort() };
}

/** What the rules find superfluous of the same flows. */
export function judged(sketches: readonly Sketch[]): { flows: number[]; entries: string[] } {
  const cluster = { ...now, flows: [...derivedOf(now), ...flowsOf(now, sketches)] };
  const { flows, entries } = judgeFlows(cluster);
  const indexOf = ({ flow }: { readonly flow: Flow }) => Number(flow.origin?.at(-1));
  return {
    flows: flows.map(indexOf),
    entries: entries
      .map((held) => {
        const list: readonly unknown[] = held.flow[held.side];
        return `${indexOf(held)}.${held.side}.${list.indexOf(held.entry)}`;
      })
      .sort(),
  };
}
