import type { Finding, Path } from '../diagnostics/diagnostic.ts';
import type { Model } from '../validate/model.ts';
import { routedNetworks } from './addressing.ts';
import type { FirewallRule, Network } from './cluster.ts';

/** The rules that are said word for word, and what would take them out of their chain. */
export function resolveFirewallRules(
  { firewall, networks: said }: Model,
  networks: readonly Network[],
): { rules: FirewallRule[]; findings: Finding[] } {
  const rules = (firewall?.rules ?? []).map(
    ({ chain, before = 'refusal', rule, comment = '' }, index): FirewallRule => ({
      chain,
      before,
      rule,
      comment,
      origin: ['firewall', 'rules', index],
    }),
  );
  const findings = rules.flatMap(({ rule, origin }) => {
    const problem = problemOf(rule);
    return problem === undefined ? [] : [refused(problem, [...origin, 'rule'])];
  });
  if (rules.length > 0 && !mayRoute(said, networks)) findings.push(nowhere());
  return { rules, findings };
}

/** Whether a hypervisor routes a network, or could: one that is found wrong elsewhere may be it. */
function mayRoute(said: Model['networks'], networks: readonly Network[]): boolean {
  const isPlaced = ({ bridges }: Network) => bridges.length > 0;
  return (
    routedNetworks({ networks }).length > 0 || networks.filter(isPlaced).length < Object.keys(said).length
  );
}

/** What a rule can begin with: the matches and statements of nft(8). `type` and `policy` would be about the chain. */
const FIRST: readonly string[] = (
  'ip ip6 tcp udp udplite sctp dccp icmp icmpv6 igmp esp ah comp th ether vlan arp meta iif iifname oif ' +
  'oifname pkttype mark ct fib rt socket numgen jhash symhash limit counter log accept drop reject return'
).split(' ');

/** Words that lead to other chains, files and objects, or belong to a key of the model. */
const ELSEWHERE =
  /\b(jump|goto|include|define|undefine|redefine|add|insert|replace|delete|destroy|flush|create|table|chain|policy|hook|comment)\b/;

/** What changes addresses: the kernel takes it in chains of the type nat alone, and with it refuses the whole file. */
const TRANSLATION = /\b(masquerade|(snat|dnat|redirect)( ip6?)? to)\b/;

/** Why a text is not one whole rule that stays where it is put, if so. nft itself judges the rest. */
function problemOf(rule: string): string | undefined {
  const [first = ''] = rule.split(' ');
  if (!FIRST.includes(first)) return `"${first}" begins no rule`;
  const bare = rule.replaceAll(/"[^"]*"/g, '""');
  if (bare.replaceAll('""', '').includes('"')) return 'a quote is not closed';
  const [sign] = /[;#\\$@]/.exec(bare) ?? [];
  if (sign !== undefined) return `"${sign}" has no place in a rule`;
  const [word] = ELSEWHERE.exec(bare) ?? [];
  if (word !== undefined) return `"${word}" has no place in a rule`;
  const [translation] = TRANSLATION.exec(bare) ?? [];
  if (translation !== undefined) return `"${translation}" is for chains of the type nat, which are derived`;
  return bracesOf(bare);
}

function bracesOf(bare: string): string | undefined {
  let open = 0;
  for (const sign of bare.replaceAll(/[^{}]/g, '')) {
    open += sign === '{' ? 1 : -1;
    if (open < 0) return 'a brace is closed that was not opened';
  }
  return open > 0 ? 'a brace is not closed' : undefined;
}

function refused(problem: string, at: Path): Finding {
  return {
    rule: 'wrong-value',
    at,
    message: `${problem}: matches and a verdict belong here`,
    help: 'for example ip saddr 10.17.4.31 tcp dport 25 drop; why goes into `comment`',
  };
}

function nowhere(): Finding {
  return {
    rule: 'wrong-place',
    at: ['firewall', 'rules'],
    part: 'key',
    message: 'the hypervisor is no router of any network, so it has no chains that rules could stand in',
  };
}
