import type { Path } from '../../diagnostics/diagnostic.ts';
import { Cidr } from '../../net/cidr.ts';
import { hasCardIn } from '../../resolve/cards.ts';
import type { Cluster, Network } from '../../resolve/cluster.ts';
import { neededConnections, needsOf } from '../needed-connections.ts';
import { nextFreeRange } from '../next-free-range.ts';
import { areApart, routingDomains } from '../routing-domains.ts';
import { defineRule, type Violation } from '../rule.ts';

export const rangeOverlap = defineRule({
  id: 'range-overlap',
  severity: 'error',
  docs: {
    summary: 'two ranges of addresses overlap where packets find both',
    why: 'A machine in one of them takes the addresses of the other for neighbours, and a router has two routes for them and uses one. libvirt does not start a network whose range another interface of the host has ("Network is already in use by interface", src/network/bridge_driver.c). What overlaps the range of the pods or of the services is out of reach for every machine that runs Kubernetes.',
    help: 'Give one of them another range. The same range at two sites that nothing joins is no mistake, nor is that of two networks in `nat` or `isolated` mode on two hypervisors: nothing reaches into them.',
    fails: 'networks:\n  data: { cidr: 10.17.0.0/16, bridge: virbr_data, mode: open }',
    passes: 'networks:\n  data: { cidr: 10.17.5.0/24, bridge: virbr_data, mode: open }',
  },
  *check(cluster) {
    const domains = routingDomains(cluster);
    for (const domain of domains) yield* amongNetworks(cluster, domain.flatMap(rangesOfNetwork));
    yield* amongNeeded(cluster, domains);
    yield* withKubernetes(cluster);
  },
});

/** A range where it stands in the model. */
interface Said {
  readonly cidr: Cidr;
  /** Whose it is, in words for messages. */
  readonly of: string;
  readonly at: Path;
}

interface NetworkRange extends Said {
  readonly network: Network;
}

function rangesOfNetwork(network: Network): NetworkRange[] {
  return network.subnets.map(({ cidr }, index) => ({
    cidr,
    network,
    of: `"${network.name}"`,
    at: [...network.origin, 'cidr', index],
  }));
}

/** One finding for each range that others lie in: with the wider ones first, a range lies in one of those before it. */
function* amongNetworks(cluster: Cluster, ranges: readonly NetworkRange[]): Iterable<Violation> {
  const inside = new Map<NetworkRange, NetworkRange[]>();
  const around: NetworkRange[] = [];
  for (const range of [...ranges].sort((a, b) => Cidr.compare(a.cidr, b.cidr))) {
    while (around.length > 0 && !around.at(-1)?.cidr.contains(range.cidr.network)) around.pop();
    const outer = around.find(({ network }) => !areApart(network, range.network));
    if (outer !== undefined) inside.set(outer, [...(inside.get(outer) ?? []), range]);
    around.push(range);
  }
  for (const [outer, inner] of inside) yield finding(cluster, outer, inner);
}

/** Two networks that nothing joins, and between which the cluster needs a connection. */
function* amongNeeded(cluster: Cluster, domains: readonly Network[][]): Iterable<Violation> {
  const seen = new Set<string>();
  for (const connection of neededConnections(cluster)) {
    const ends = [connection.from.network, connection.to.network] as const;
    const pair = ends
      .map(({ name }) => name)
      .sort()
      .join(' ');
    if (ends[0] === ends[1] || seen.has(pair)) continue;
    seen.add(pair);
    if (domains.some((domain) => ends.every((network) => domain.includes(network)))) continue;
    const [source, target] = [rangesOfNetwork(ends[0]), rangesOfNetwork(ends[1])];
    const range = target.find(({ cidr }) => source.some((other) => other.cidr.overlaps(cidr)));
    const others = source.filter(({ cidr }) => range?.cidr.overlaps(cidr));
    // A card in the other network needs no way there.
    if (range === undefined || hasCardIn(connection.from, range.network)) continue;
    const violation = finding(cluster, range, others);
    yield { ...violation, related: [...(violation.related ?? []), ...needsOf([connection])] };
  }
}

/** The pods and services of the cluster, which every machine of it has routes to. */
function* withKubernetes(cluster: Cluster): Iterable<Violation> {
  const { podCidr, serviceCidr } = cluster.kubernetes;
  const ranges = cluster.networks.flatMap(rangesOfNetwork);
  const pods = { cidr: podCidr, at: ['kubernetes', 'podCidr'], of: 'the pods' };
  const services = { cidr: serviceCidr, at: ['kubernetes', 'serviceCidr'], of: 'the services' };
  for (const range of [pods, services]) {
    const [first, ...others] = ranges.filter(({ cidr }) => cidr.overlaps(range.cidr));
    if (first === undefined) continue;
    // The ranges of Kubernetes are seldom said: with one network in the way that is where to look.
    yield others.length > 0 ? finding(cluster, range, [first, ...others]) : finding(cluster, first, [range]);
  }
  if (!podCidr.overlaps(serviceCidr)) return;
  yield finding(cluster, services, [pods]);
}

function finding(cluster: Cluster, { cidr, at, of }: Said, others: readonly Said[]): Violation {
  const [first, ...more] = others.map((other) => `${other.cidr} of ${other.of}`);
  const further = more.length === 0 ? '' : ` and ${more.length} more`;
  const free = nextFreeRange(cluster, cidr);
  return {
    at,
    message: `${cidr} of ${of} overlaps ${first}${further}`,
    related: others.map((other) => ({ at: other.at, message: `${other.cidr} is here` })),
    ...(free === undefined ? {} : { help: `next free range of that size: ${free}` }),
  };
}
