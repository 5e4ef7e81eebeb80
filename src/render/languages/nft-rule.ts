import type { DecidingRule, Match, Rule, Verdict } from '../../firewall/ruleset.ts';
import type { PortRange } from '../../net/port-range.ts';
import { nft } from './nft.ts';

/** A rule of the firewall as a line of nft (nft(8), RULES). */
export function nftRule(value: unknown): string {
  const rule = value as Rule;
  const words = 'verbatim' in rule ? [line(rule.verbatim)] : decidingWords(rule);
  if (rule.comment !== '') words.push(`comment ${nft(rule.comment)}`);
  return words.join(' ');
}

/** What is said word for word was checked where it was resolved; here it only has to be a line. */
function line(text: string): string {
  if (!/^[ -~]+$/.test(text)) throw new TypeError(`${JSON.stringify(text)} is no line of nft`);
  return text;
}

function decidingWords({ matches, limit, counter, verdict }: DecidingRule): string[] {
  const words = matches.map(matchText);
  if (limit !== undefined) words.push(`limit rate ${limit}/second`);
  if (counter === true) words.push('counter');
  return [...words, verdictText(verdict)];
}

function matchText(match: Match): string {
  switch (match.on) {
    case 'interface':
      return `${match.key} ${not(match)}${typeof match.value === 'string' ? nft(match.value) : `@${match.value.set}`}`;
    case 'address':
      return `ip ${match.key} ${not(match)}${'set' in match.value ? `@${match.value.set}` : oneOrSet(match.value.map(String))}`;
    case 'ports':
      return portsText(match.ports);
    case 'state':
      return `ct state ${match.states.join(',')}`;
    case 'echo-request':
      return 'icmp type echo-request';
    case 'group-addressed':
      return 'meta pkttype { broadcast, multicast }';
  }
}

function not({ not = false }: { readonly not?: boolean }): string {
  return not ? '!= ' : '';
}

function portsText(ports: readonly PortRange[]): string {
  return `${ports[0]?.protocol ?? 'tcp'} dport ${oneOrSet(ports.map(({ span }) => span))}`;
}

function oneOrSet(values: readonly string[]): string {
  return values.length === 1 ? values.join('') : `{ ${values.join(', ')} }`;
}

function verdictText(verdict: Verdict): string {
  if (typeof verdict === 'object') {
    return 'goto' in verdict
      ? `goto ${verdict.goto}`
      : `limit rate 5/minute burst 10 packets log prefix ${nft(verdict.log)} level info`;
  }
  return verdict === 'reject' ? 'reject with icmpx admin-prohibited' : verdict;
}
