import { formatPath } from '../../diagnostics/diagnostic.ts';
import { isCrossed } from '../../firewall/places.ts';
import { PortRange } from '../../net/port-range.ts';
import type { Cluster, Node, Place, Verification } from '../../resolve/cluster.ts';
import { firstOfEach, groupBy } from '../../resolve/group-by.ts';
import { nameOf } from '../../resolve/name-of.ts';
import { machinesOf } from '../../resolve/resolve-places.ts';
import { type Box, isFull, MOST_EFFORT, meet } from '../cover/boxes.ts';
import type { PacketSpace } from '../cover/packet-space.ts';
import { packetSpace } from '../judged-flows.ts';
import { nodesAt } from '../needed-connections.ts';
import { defineRule, type Violation } from '../rule.ts';
import { wayTo } from '../way.ts';

export const checkWithoutFlow = defineRule({
  id: 'check-without-flow',
  severity: 'error',
  docs: {
    summary: 'a check of `verify` opens a port that no flow lets pass',
    why: 'What the model does not permit the generated firewall refuses, with ICMP "administratively prohibited" (nft(8), "Reject statement"), so that such a check fails for ever. `verify` tries what is open; it opens nothing.',
    help: 'Say the connection under `firewall.flows`, too: single ports of machines are then tried without an entry under `verify`. Where `firewall.rules` accept something this rule judges nothing.',
    fails: 'verify: [{ from: lb1, to: worker1, ports: [9100] }]',
    passes:
      'firewall:\n  flows: [{ from: lan, to: worker1, ports: [9000-9200] }]\nverify:\n  - { from: lb1, to: worker1, ports: [9100] }\n  - { from: [worker1, lb1], to: [master1, api], ports: [6443] }\n  - { from: worker1, to: master1, ports: [9100] }',
  },
  *check(cluster) {
    const { verifications, flows, firewallRules } = cluster;
    const said = verifications.filter(
      ({ origin, probe }) => origin?.[0] === 'verify' && probe.kind !== 'ping',
    );
    if (said.length === 0 || firewallRules.some(({ rule }) => rule.includes('accept'))) return;
    const space = packetSpace(cluster);
    const firewall = {
      cluster,
      space,
      open: flows.map((flow) => space.boxOf(flow)),
      effort: { left: MOST_EFFORT },
    };
    const refusals = said.flatMap((verification) => {
      const refused = firstRefused(firewall, verification);
      return refused === undefined ? [] : [{ ...verification, refused }];
    });
    // An entry that names many is one mistake: a flow that is not said.
    for (const entry of groupBy(refusals, ({ origin = [] }) => formatPath(origin.slice(0, 2))).values())
      yield* ofEntry(entry);
  },
});

function* ofEntry(entry: readonly (Verification & { readonly refused: Refused })[]): Iterable<Violation> {
  const [first] = entry;
  if (first === undefined) return;
  const { refused, origin = [] } = first;
  const isAtOne = entry.every((other) => formatPath(other.origin ?? []) === formatPath(origin));
  const unique = (texts: readonly string[]) => [...new Set(texts)];
  const list = (texts: readonly string[]) => (texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`);
  const from = list(unique(entry.map((other) => nameOf(other.from))));
  const to = list(unique(entry.map((other) => nameOf(other.to))));
  const ports = unique(entry.map((other) => String(portOf(other)))).join(', ');
  yield {
    at: isAtOne ? origin : origin.slice(0, 2),
    message: `no flow lets "${refused.from.name}" open port ${portOf(first)} of "${nameOf(refused.to)}": the firewall refuses it`,
    related: [{ at: refused.from.origin, message: `"${refused.from.name}" is here` }],
    help: `open it under \`firewall.flows\`: \`{ from: ${from}, to: ${to}, ports: [${ports}] }\``,
  };
}

interface Firewall {
  readonly cluster: Cluster;
  readonly space: PacketSpace;
  /** What flows let pass. */
  readonly open: readonly Box[];
  readonly effort: { left: number };
}

interface Refused {
  readonly from: Node;
  readonly to: Place;
}

function firstRefused(firewall: Firewall, verification: Verification): Refused | undefined {
  const port = PortRange.of(portOf(verification));
  for (const from of oneOfEach(firewall.cluster, nodesAt(firewall.cluster, verification.from)))
    for (const to of machinesOf(verification.to))
      if (isRefused(firewall, { from, to }, port)) return { from, to };
  return undefined;
}

/** Whether a connection crosses a firewall that lets nothing of it pass. What has no way at all is found by others. */
function isRefused(
  { cluster, space, open, effort }: Firewall,
  { from, to }: Refused,
  port: PortRange,
): boolean {
  if (to.kind !== 'node' && to.kind !== 'vip') return false;
  const target = to.kind === 'node' ? to.node.network : to.vip.network;
  const source = wayTo(cluster, from, target).leaves?.network;
  if (source === undefined || source === target) return false;
  const part = { from: [{ kind: 'node', node: from } as const], to: [to], ports: [port] };
  if (!cluster.hypervisors.some((hypervisor) => isCrossed({ cluster, hypervisor }, [source, target])))
    return false;
  const box = space.boxBetween([source, target], part);
  return isFull(box) && !open.some((other) => meet(box, other, effort)) && effort.left >= 0;
}

/** The first of the nodes that no flow tells apart: of the same networks and roles, and in the same ranges of addresses. */
function oneOfEach({ flows }: Cluster, nodes: readonly Node[]): readonly Node[] {
  const sources = flows.flatMap(({ from }) => from);
  const named = new Set(sources.flatMap((place) => (place.kind === 'node' ? [place.node] : [])));
  const ranges = sources.flatMap((place) => (place.kind === 'address' ? [place.cidr] : []));
  const keyOf = (node: Node) =>
    [
      ...(named.has(node) ? [node.name] : []),
      ...node.nics.map(({ network }) => network.name),
      ...node.roles,
      ...ranges.flatMap((range, index) => (node.nics.some(({ ip }) => range.contains(ip)) ? [index] : [])),
    ].join(' ');
  return firstOfEach(nodes, keyOf);
}

function portOf({ probe }: Verification): number {
  return probe.kind === 'ping' ? 0 : probe.port;
}
