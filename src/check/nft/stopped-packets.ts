import { formatPath, type Path } from '../../diagnostics/diagnostic.ts';
import { rulesetsOf } from '../../firewall/build-ruleset.ts';
import type { Rule, Ruleset } from '../../firewall/ruleset.ts';
import type { Flow, Hypervisor } from '../../resolve/cluster.ts';
import { groupBy } from '../../resolve/group-by.ts';
import { oncePerCluster } from '../../resolve/once-per-cluster.ts';
import { type NeededPacket, neededPackets } from './needed-packets.ts';
import { firstPacket, one, PROTOCOLS } from './packet.ts';
import { type ParsedRule, parseRule } from './parse-rule.ts';
import { askAll, type End, type Trace, tracerOf } from './trace.ts';

/** How many packets are traced. What would be found beyond is not found: a miss, never a false alarm. */
const MOST_PACKETS = 20_000;

/**
 * Packets that the cluster needs and that rules of people's own certainly stop: by the place of the rule, the first one of
 * each flow. What stands before the refusal stops none: the flows have let them pass.
 */
export const stoppedPackets = oncePerCluster((cluster) => {
  const stopped = new Map<Path, NeededPacket[]>();
  const early = cluster.firewallRules
    .filter(({ before }) => before === 'flows')
    .map(({ rule, origin }) => ({ ...parseRule(rule), origin }));
  const closing = early.filter(({ isWhole, ends }) => isWhole && ends.includes('drop'));
  const flows = cluster.flows.filter((flow) => flow.neededAt && closing.some((rule) => isAbout(rule, flow)));
  if (flows.length === 0) return stopped;
  const last = new Set(closing.map(({ origin }) => origin));
  const traces = new Map<Hypervisor, Trace>(
    [...rulesetsOf(cluster)].map(([hypervisor, ruleset]) => [hypervisor, tracerOf(cutAfter(ruleset, last))]),
  );
  let left = MOST_PACKETS;
  for (const needed of neededPackets(cluster, flows)) {
    const by = stopperIn(traces.get(needed.host.hypervisor)?.(needed.hook, needed.packet) ?? []);
    const known = by && (stopped.get(by) ?? []);
    if (by && known?.every(({ flow }) => flow !== needed.flow)) stopped.set(by, [...known, needed]);
    left -= 1;
    if (left === 0) break;
  }
  return stopped;
});

/** The ruleset without what stands behind the last of some rules, in the chains that others go to. */
function cutAfter(ruleset: Ruleset, origins: ReadonlySet<Path>): Ruleset {
  const isOne = (rule: Rule) => 'verbatim' in rule && origins.has(rule.origin);
  const chains = ruleset.chains.map((chain) =>
    chain.hook === undefined
      ? { ...chain, rules: chain.rules.slice(0, chain.rules.findLastIndex(isOne) + 1) }
      : chain,
  );
  return { ...ruleset, chains };
}

/** Whether a rule can match some packet of a flow, by its protocol and port. */
function isAbout(rule: ParsedRule, { ports }: Flow): boolean {
  return ports.some(
    ({ protocol, first, last }) =>
      askAll(rule, firstPacket({ protocol: one(PROTOCOLS.get(protocol)), dport: [[first, last]] })) !== 'no',
  );
}

/** The place of the rule of people's own that ends what nothing before it could have accepted. */
function stopperIn(ends: readonly End[]): Path | undefined {
  const last = ends.at(-1)?.rule;
  const isStopped = ends.every(({ verdict }) => verdict === 'drop');
  return isStopped && last !== undefined && 'verbatim' in last ? last.origin : undefined;
}

/** A packet as a message names it. */
export function packetText({ port, from, to }: NeededPacket): string {
  return `${port.protocol} ${from.ip} -> ${to.ip} dport ${port.span}`;
}

/** The places of the model that need what is stopped, each with the reasons. */
export function neededPlaces(packets: readonly NeededPacket[]): { at: Path; message: string }[] {
  const places = groupBy(packets, ({ flow: { neededAt = [] } }) => formatPath(neededAt));
  return [...places.values()].slice(0, 5).map((group) => ({
    at: group[0]?.flow.neededAt ?? [],
    message: `needed here: ${[...new Set(group.map(({ flow }) => flow.reason))].join(', ')}`,
  }));
}

/** What lets a packet pass, as an entry of `firewall.rules`. */
export function acceptingRule({ port, from, to, hook }: NeededPacket): string {
  const matches = `ip saddr ${from.ip} ip daddr ${to.ip} ${port.protocol} dport ${port.span}`;
  return `{ chain: ${hook}, before: flows, rule: ${matches} accept }`;
}
