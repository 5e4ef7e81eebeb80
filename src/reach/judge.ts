import { firstPacket, one, PROTOCOLS, STATES } from '../check/nft/packet.ts';
import { parseRule } from '../check/nft/parse-rule.ts';
import { askAll } from '../check/nft/trace.ts';
import { buildRuleset } from '../firewall/build-ruleset.ts';
import type {
  Address,
  Chain,
  DecidingRule,
  Match,
  Rule,
  Ruleset,
  VerbatimRule,
} from '../firewall/ruleset.ts';
import { Ipv4 } from '../net/ipv4.ts';
import type { Cluster, Hypervisor } from '../resolve/cluster.ts';
import type { Packet } from './packet.ts';

/** A packet at a hook of a hypervisor's firewall. */
export interface Passing {
  readonly packet: Packet;
  readonly hook: 'input' | 'forward' | 'postrouting';
  readonly iif: string;
  readonly oif: string;
}

/** What a firewall does with a packet, and the rule that says so; without one nothing is said about such packets. */
export interface Judgement {
  readonly verdict: 'accept' | 'refuse' | 'masquerade';
  readonly rule: Rule | undefined;
}

/** The same, with the rules of people's own that may decide otherwise: whether they match is not known. */
export interface Judged extends Judgement {
  readonly unsure: readonly VerbatimRule[];
}

/** Types of ICMP (RFC 792). */
const ECHO_REQUEST = 8;
const ECHO_REPLY = 0;

const PASSES: Judgement = { verdict: 'accept', rule: undefined };
const rulesets = new WeakMap<Cluster, Map<Hypervisor, Ruleset>>();

/** Takes a packet through the generated table, as data: the same that the template writes. */
export function judge(cluster: Cluster, hypervisor: Hypervisor, passing: Passing): Judged {
  const ruleset = rulesetOf(cluster, hypervisor);
  const base = ruleset.chains.find(({ hook }) => hook?.at === passing.hook);
  const unsure: VerbatimRule[] = [];
  const judgement = base === undefined ? PASSES : throughChain(base, passing, { ruleset, unsure });
  const other = judgement.verdict === 'refuse' ? 'accept' : 'drop';
  return {
    ...judgement,
    unsure: unsure.filter(({ verbatim }) => parseRule(verbatim).ends.includes(other)),
  };
}

function rulesetOf(cluster: Cluster, hypervisor: Hypervisor): Ruleset {
  const known = rulesets.get(cluster) ?? new Map<Hypervisor, Ruleset>();
  rulesets.set(cluster, known);
  const ruleset = known.get(hypervisor) ?? buildRuleset({ cluster, hypervisor });
  known.set(hypervisor, ruleset);
  return ruleset;
}

/** A table, and the rules that were met in it of which nobody knows whether they match. */
interface Table {
  readonly ruleset: Ruleset;
  readonly unsure: VerbatimRule[];
}

function throughChain({ rules }: Chain, passing: Passing, table: Table): Judgement {
  const { ruleset, unsure } = table;
  for (const rule of rules) {
    if ('verbatim' in rule) {
      const { answer, end } = askOwn(rule, passing);
      if (answer === 'maybe') unsure.push(rule);
      if (answer !== 'yes' || end === undefined) continue;
      return { verdict: end === 'drop' ? 'refuse' : end, rule };
    }
    if (!holds(rule, passing, ruleset)) continue;
    const { verdict } = rule;
    if (verdict === 'return') return { verdict: 'accept', rule };
    if (verdict === 'accept' || verdict === 'masquerade') return { verdict, rule };
    if (verdict === 'drop' || verdict === 'reject') return { verdict: 'refuse', rule };
    if ('log' in verdict) continue;
    const next = ruleset.chains.find(({ name }) => name === verdict.goto);
    // A chain that is gone to does not come back: its end is that of the base chain, which accepts.
    return next === undefined ? PASSES : throughChain(next, passing, table);
  }
  return PASSES;
}

/** Whether a rule of people's own matches, and what it does then: nothing where the next rule is asked. */
function askOwn({ verbatim }: VerbatimRule, { packet, iif, oif }: Passing) {
  const { protocol, port, state, saddr, daddr } = packet;
  const rule = parseRule(verbatim);
  const known = firstPacket({
    ...{ iifname: [iif], oifname: [oif], saddr: one(saddr.value), daddr: one(daddr.value) },
    ...{ protocol: one(PROTOCOLS.get(protocol)), state: one(STATES.get(state)) },
    ...(port === undefined ? {} : { sport: [[protocol === 'tcp' ? 1024 : 1, 65_535]], dport: one(port) }),
    ...(protocol === 'icmp' ? { 'icmp-type': one(state === 'new' ? ECHO_REQUEST : ECHO_REPLY) } : {}),
  });
  return { answer: askAll(rule, known), end: rule.ends[0] };
}

function holds({ matches }: DecidingRule, passing: Passing, { sets }: Ruleset): boolean {
  const elementsOf = (name: string) =>
    (sets.find((set) => set.name === name)?.elements ?? []).map(({ value }) => value);
  return matches.every((match) => isMatched(match, passing, elementsOf));
}

type Elements = (set: string) => readonly (Address | string)[];

function isMatched(match: Match, { packet, iif, oif }: Passing, elementsOf: Elements): boolean {
  switch (match.on) {
    case 'interface': {
      const { value, key, not = false } = match;
      const names = typeof value === 'string' ? [value] : elementsOf(value.set);
      return names.includes(key === 'iifname' ? iif : oif) !== not;
    }
    case 'address': {
      const { value, key, not = false } = match;
      const list = 'set' in value ? elementsOf(value.set) : value;
      return list.some((one) => typeof one !== 'string' && isAmong(one, packet[key])) !== not;
    }
    case 'ports':
      return match.ports.some(
        ({ protocol, first, last }) =>
          protocol === packet.protocol &&
          packet.port !== undefined &&
          first <= packet.port &&
          packet.port <= last,
      );
    case 'state':
      return match.states.some((state) => state === packet.state);
    case 'echo-request':
      return packet.protocol === 'icmp' && packet.state === 'new';
    case 'group-addressed':
      return false;
  }
}

function isAmong(value: Address, ip: Ipv4): boolean {
  if (value instanceof Ipv4) return value.equals(ip);
  return 'prefix' in value
    ? value.contains(ip)
    : value.first.value <= ip.value && ip.value <= value.last.value;
}
