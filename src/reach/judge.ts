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

/** Types of ICMP (RFC 792). */
const ECHO_REQUEST = 8;
const ECHO_REPLY = 0;

const PASSES: Judgement = { verdict: 'accept', rule: undefined };
const rulesets = new WeakMap<Cluster, Map<Hypervisor, Ruleset>>();

/** Takes a packet through the generated table, as data: the same that the template writes. */
export function judge(cluster: Cluster, hypervisor: Hypervisor, passing: Passing): Judgement {
  const ruleset = rulesetOf(cluster, hypervisor);
  const base = ruleset.chains.find(({ hook }) => hook?.at === passing.hook);
  return base === undefined ? PASSES : throughChain(base, passing, ruleset);
}

function rulesetOf(cluster: Cluster, hypervisor: Hypervisor): Ruleset {
  const known = rulesets.get(cluster) ?? new Map<Hypervisor, Ruleset>();
  rulesets.set(cluster, known);
  const ruleset = known.get(hypervisor) ?? buildRuleset({ cluster, hypervisor });
  known.set(hypervisor, ruleset);
  return ruleset;
}

function throughChain({ rules }: Chain, passing: Passing, ruleset: Ruleset): Judgement {
  for (const rule of rules) {
    if ('verbatim' in rule) {
      const verdict = verdictOf(rule, passing);
      if (verdict !== undefined) return { verdict, rule };
      continue;
    }
    if (!holds(rule, passing, ruleset)) continue;
    const { verdict } = rule;
    if (verdict === 'return') return { verdict: 'accept', rule };
    if (verdict === 'accept' || verdict === 'masquerade') return { verdict, rule };
    if (verdict === 'drop' || verdict === 'reject') return { verdict: 'refuse', rule };
    if ('log' in verdict) continue;
    const next = ruleset.chains.find(({ name }) => name === verdict.goto);
    // A chain that is gone to does not come back: its end is that of the base chain, which accepts.
    return next === undefined ? PASSES : throughChain(next, passing, ruleset);
  }
  return PASSES;
}

/** What a rule of people's own does; one that is not understood, or decides nothing, counts as not there. */
function verdictOf(
  { verbatim }: VerbatimRule,
  { packet, iif, oif }: Passing,
): 'accept' | 'refuse' | undefined {
  const rule = parseRule(verbatim);
  const known = firstPacket({
    ...{ iifname: [iif], oifname: [oif], saddr: one(packet.saddr.value), daddr: one(packet.daddr.value) },
    ...{ protocol: one(PROTOCOLS.get(packet.protocol)), state: one(STATES.get(packet.state)) },
    ...(packet.port === undefined ? {} : { dport: one(packet.port) }),
    ...(packet.protocol === 'icmp'
      ? { 'icmp-type': one(packet.state === 'new' ? ECHO_REQUEST : ECHO_REPLY) }
      : {}),
  });
  const [end, ...others] = rule.ends;
  if (askAll(rule, known) !== 'yes' || others.length > 0) return undefined;
  return end === 'drop' ? 'refuse' : end;
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
