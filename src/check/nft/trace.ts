import type { Address, DecidingRule, Match, Rule, Ruleset, SetRef } from '../../firewall/ruleset.ts';
import { Ipv4 } from '../../net/ipv4.ts';
import { oncePer } from '../../resolve/once-per-cluster.ts';
import { type Span, spansOf } from '../cover/spans.ts';
import { type Answer, ask, one, type Packet, PROTOCOLS, STATES, type Test } from './packet.ts';
import { type ParsedRule, parseRule } from './parse-rule.ts';

/** What can become of a packet, and by which rule; by none where the policy of a base chain accepts it. */
export interface End {
  readonly verdict: 'accept' | 'drop';
  readonly rule: Rule | undefined;
}

/** A rule as what it asks and does. */
export interface Step extends ParsedRule {
  readonly rule: Rule;
  readonly goto: string | undefined;
}

export type Hook = 'forward' | 'input';

/** All that can become of a packet that enters at a hook; the last one is what does if nothing before it did. */
export type Trace = (hook: Hook, packet: Packet) => readonly End[];

/** Prepares the rules of each chain of a table, derived ones and people's own, for packets. */
export function stepsOf(ruleset: Ruleset): ReadonlyMap<string, readonly Step[]> {
  return new Map(ruleset.chains.map(({ name, rules }) => [name, rules.map((rule) => stepOf(ruleset, rule))]));
}

/** Traces packets through a table. */
export function tracerOf(ruleset: Ruleset): Trace {
  const chains = stepsOf(ruleset);
  const endsIn = (chain: string, packet: Packet): End[] => {
    const ends: End[] = [];
    for (const { rule, goto, ends: verdicts, ...asked } of chains.get(chain) ?? []) {
      const answer = askAll(asked, packet);
      if (answer === 'no') continue;
      const next = goto === undefined ? verdicts.map((verdict) => ({ verdict, rule })) : endsIn(goto, packet);
      ends.push(...next);
      if (answer === 'yes' && next.length > 0) return ends;
    }
    return [...ends, { verdict: 'accept', rule: undefined }];
  };
  return (hook, packet) =>
    ruleset.chains.filter((chain) => chain.hook?.at === hook).flatMap(({ name }) => endsIn(name, packet));
}

/** Whether a packet is what a rule matches, as far as both are known. */
export function askAll({ tests, isWhole }: Pick<ParsedRule, 'tests' | 'isWhole'>, packet: Packet): Answer {
  let answer: Answer = isWhole ? 'yes' : 'maybe';
  for (const test of tests) {
    const one = ask(test, packet);
    if (one === 'no') return 'no';
    if (one === 'maybe') answer = 'maybe';
  }
  return answer;
}

function stepOf(ruleset: Ruleset, rule: Rule): Step {
  if ('verbatim' in rule) return { rule, goto: undefined, ...parseRule(rule.verbatim) };
  const goto = typeof rule.verdict === 'object' && 'goto' in rule.verdict ? rule.verdict.goto : undefined;
  return {
    ...{ rule, goto, ends: endsOf(rule) },
    tests: rule.matches.flatMap((match) => testsOf(ruleset, match)),
    isWhole: rule.limit === undefined,
  };
}

/** A chain that others go to is left by `return`, to the base chain, which accepts. */
function endsOf({ verdict }: DecidingRule): ParsedRule['ends'] {
  if (typeof verdict === 'object') return [];
  return [verdict === 'drop' || verdict === 'reject' ? 'drop' : 'accept'];
}

function testsOf({ sets }: Ruleset, match: Match): Test[] {
  const elements = (ref: SetRef) => sets.find(({ name }) => name === ref.set)?.elements ?? [];
  const numbers = (field: Extract<Test, { values: unknown }>['field'], values: readonly Span[]): Test[] => [
    { field, not: false, values: spansOf(values) },
  ];
  switch (match.on) {
    case 'interface': {
      const names =
        typeof match.value === 'string'
          ? [match.value]
          : elements(match.value).flatMap(({ value }) => (typeof value === 'string' ? [value] : []));
      return [{ field: match.key, not: match.not ?? false, names }];
    }
    case 'address': {
      const { value } = match;
      const values = 'set' in value ? addressesIn(elements(value)) : spansOf(value.map(spanOf));
      return [{ field: match.key, not: match.not ?? false, values }];
    }
    case 'ports':
      return [
        ...numbers(
          'protocol',
          match.ports.flatMap(({ protocol }) => one(PROTOCOLS.get(protocol))),
        ),
        ...numbers(
          'dport',
          match.ports.map(({ first, last }) => [first, last]),
        ),
      ];
    case 'state':
      return numbers(
        'state',
        match.states.flatMap((state) => one(STATES.get(state))),
      );
    case 'echo-request':
      return [...numbers('protocol', one(PROTOCOLS.get('icmp'))), ...numbers('icmp-type', one(8))];
    case 'group-addressed':
      // What is asked about here goes to one machine.
      return numbers('daddr', []);
  }
}

/** The addresses of a set, which many rules name. */
const addressesIn = oncePer((elements: Ruleset['sets'][number]['elements']) =>
  spansOf(elements.flatMap(({ value }) => (typeof value === 'string' ? [] : [spanOf(value)]))),
);

function spanOf(address: Address): Span {
  if (address instanceof Ipv4) return [address.value, address.value];
  return 'network' in address
    ? [address.network.value, address.last.value]
    : [address.first.value, address.last.value];
}
