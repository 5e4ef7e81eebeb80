import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileText, TWO_HOSTS } from '../../../test/support/compile.ts';
import { buildRuleset } from '../../firewall/build-ruleset.ts';
import { hypervisorAddresses } from '../../firewall/places.ts';
import type { Address, DecidingRule, Match, Rule, Ruleset } from '../../firewall/ruleset.ts';
import { Ipv4 } from '../../net/ipv4.ts';
import { PortRange } from '../../net/port-range.ts';
import type { Cluster, Flow, Hypervisor, Network } from '../../resolve/cluster.ts';
import { rangesOf, subnetOf } from '../../resolve/subnets.ts';
import { addressHolders } from '../address-holders.ts';
import { judgeFlows } from './held-flows.ts';

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

/** Flows as numbers: of the words, and of the ports. */
interface Sketch {
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

/** Two addresses whose packets come by a firewall. */
interface Ends {
  readonly chain: 'cluster_forward' | 'cluster_input';
  readonly saddr: Ipv4;
  readonly daddr: Ipv4;
}

function addressesOf(cluster: Cluster): Ipv4[] {
  const holders = addressHolders(cluster);
  const free = cluster.networks.flatMap(rangesOf).map(({ network }) => Ipv4.fromNumber(network.value + 200));
  const others = ['8.8.8.8', '9.9.9.9', '10.20.7.7', '192.168.0.140', '192.168.0.99'].map(Ipv4.of);
  const all = [...holders.map(({ ip }) => ip), ...free, ...others];
  return [...new Map(all.map((ip) => [ip.value, ip])).values()];
}

function endsAt(cluster: Cluster, hypervisor: Hypervisor, addresses: readonly Ipv4[]): Ends[] {
  const networkOf = (ip: Ipv4) => cluster.networks.find((network) => subnetOf(network, ip) !== undefined);
  const isRouted = (network: Network | undefined) => network?.router.hypervisor === hypervisor;
  const isOwn = (ip: Ipv4) => hypervisorAddresses(cluster, hypervisor).some((own) => isAmong(own, ip));
  return addresses
    .filter((saddr) => !isOwn(saddr))
    .flatMap((saddr) =>
      addresses.flatMap((daddr): Ends[] => {
        if (isOwn(daddr)) return [{ chain: 'cluster_input', saddr, daddr }];
        const [source, target] = [networkOf(saddr), networkOf(daddr)];
        const isForwarded = source !== target && (isRouted(source) || isRouted(target));
        return isForwarded ? [{ chain: 'cluster_forward', saddr, daddr }] : [];
      }),
    );
}

const ADDRESSES = addressesOf(later);
const ENDS = new Map(
  later.hypervisors.map((hypervisor) => [hypervisor, endsAt(later, hypervisor, ADDRESSES)]),
);
/** Ports between those that flows begin and end with, and a protocol that has none. */
const PORTS = [
  ...['22', '6443', '7000', '9100'].flatMap((port) => [port, `${port}/udp`]).map(PortRange.of),
  undefined,
];

/** A rule that lets a flow pass: who it is for, and which. */
function openingOf({ matches, origin }: DecidingRule, { sets }: Ruleset) {
  const side = (key: 'saddr' | 'daddr') =>
    new Set(
      ADDRESSES.filter((ip) => matches.every((match) => holds(match, key, ip))).map(({ value }) => value),
    );
  const said = matches.find((match) => match.on === 'ports');
  const isOpen = (port: PortRange | undefined) =>
    said === undefined ||
    said.ports.some(
      ({ protocol, first, last }) => protocol === port?.protocol && first <= port.first && port.last <= last,
    );
  const ports = new Set(PORTS.filter(isOpen));
  return { flow: Number(origin?.at(-1) ?? -1), saddr: side('saddr'), daddr: side('daddr'), ports };

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

/** For each packet that comes by a firewall the flows that let it pass; -1 stands for those that are derived. */
function passes(cluster: Cluster): Set<number>[] {
  const reasons = new Set(cluster.flows.map(({ reason }) => reason).filter((reason) => reason !== ''));
  const isOfFlow = (rule: Rule): rule is DecidingRule =>
    'matches' in rule &&
    rule.verdict === 'accept' &&
    (rule.origin !== undefined || reasons.has(rule.comment));
  return cluster.hypervisors.flatMap((hypervisor) => {
    const ruleset = buildRuleset({ cluster, hypervisor });
    return ruleset.chains.flatMap(({ name, rules }) => {
      const openings = rules.filter(isOfFlow).map((rule) => openingOf(rule, ruleset));
      return (ENDS.get(hypervisor) ?? []).flatMap(({ chain, saddr, daddr }) => {
        if (chain !== name) return [];
        const near = openings.filter(
          (opening) => opening.saddr.has(saddr.value) && opening.daddr.has(daddr.value),
        );
        return near.length === 0
          ? []
          : PORTS.map((port) => new Set(near.filter(({ ports }) => ports.has(port)).map(({ flow }) => flow)));
      });
    });
  });
}

/** The flows that none of these packets needs, from the last to the first, each without those before it. */
function superfluous(count: number, packets: readonly ReadonlySet<number>[]): number[] {
  const gone = new Set<number>();
  for (let flow = count - 1; flow >= 0; flow -= 1) {
    const own = packets.filter((by) => by.has(flow));
    if (own.length > 0 && own.every((by) => [...by].some((other) => other !== flow && !gone.has(other))))
      gone.add(flow);
  }
  return [...gone].sort((a, b) => a - b);
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

describe('flows that others hold', () => {
  it('are those that no packet needs, traced through the rulesets of random lists', () => {
    const derived = (cluster: Cluster) => cluster.flows.slice(0, -1);
    let found = 0;
    fc.assert(
      fc.property(fc.array(sketch, { minLength: 1, maxLength: 8 }), (sketches) => {
        const judged = { ...now, flows: [...derived(now), ...flowsOf(now, sketches)] };
        const traced = { ...later, flows: [...derived(later), ...flowsOf(later, sketches)] };
        const held = judgeFlows(judged).flows.map(({ flow }) => Number(flow.origin?.at(-1)));
        expect(held).toEqual(superfluous(sketches.length, passes(traced)));
        found += held.length;
      }),
      { numRuns: 60, seed: 4 },
    );
    expect(found).toBeGreaterThan(20);
  });
});
