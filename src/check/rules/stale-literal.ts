import type { Cluster, Place, Retired } from '../../resolve/cluster.ts';
import { rangesOf } from '../../resolve/subnets.ts';
import { addressHolders } from '../address-holders.ts';
import { type FreeText, freeTexts } from '../free-texts.ts';
import { defineRule } from '../rule.ts';

export const staleLiteral = defineRule({
  id: 'stale-literal',
  severity: 'warning',
  docs: {
    summary: 'something that is listed under `retired` still stands in the model',
    why: 'What is said by its name moves with it; a comment, an nft rule, a section of HAProxy or a variable keeps the address or name that was true when it was written. Such a rule goes on to let pass, or to drop, what somebody else has by now.',
    help: 'Write what came in its place, or take the text out. If it is in use again, take it from `retired`. Whole words count only: `10.17.4.2` does not stand in `10.17.4.21`, nor `lb` in `lb1`.',
    fails:
      'retired: [10.17.4.2]\nfirewall:\n  rules: [{ chain: forward, rule: ip saddr 10.17.4.2 tcp dport 25 drop }]',
    passes:
      'retired: [10.17.4.2, worker]\nfirewall:\n  rules: [{ chain: forward, rule: ip saddr 10.17.4.20-10.17.4.24 drop, comment: workers1 and 10.17.4.2x send no mail }]\nnodes:\n  worker1: { role: compute }',
  },
  *check(cluster) {
    if (cluster.retired.length === 0) return;
    const texts = freeTexts(cluster);
    const literals = [...namesIn(cluster), ...addressesIn(cluster)];
    for (const retired of cluster.retired) {
      const word = wordOf(retired.text);
      const stale = [
        ...literals.filter(({ text }) => text.toLowerCase() === retired.text.toLowerCase()),
        ...texts.filter(({ text, at }) => at[0] !== 'retired' && word.test(text)),
      ];
      for (const { at, part } of stale)
        yield { at, ...(part === undefined ? {} : { part }), ...saying(retired) };
    }
  },
});

function saying({ text, reason, origin }: Retired) {
  return {
    message: `"${text}" is retired and still stands here`,
    related: [
      { at: [...origin, 'text'], message: reason === undefined ? 'retired here' : `retired: ${reason}` },
    ],
    help: 'write what came in its place; if it is in use again, take it from `retired`',
  };
}

/**
 * A text as a word by itself. An address goes on in digits, a name in letters, digits, hyphens and underscores; a domain
 * can have labels before it, and a host name a domain behind it.
 */
function wordOf(text: string): RegExp {
  const escaped = text.replaceAll(/[.]/g, '\\.');
  if (text.includes(':')) return new RegExp(`(?<![\\w:])${escaped}(?![\\w:])`, 'i');
  if (/^\d+(\.\d+){3}/.test(text)) return new RegExp(`(?<!\\w|\\d\\.)${escaped}(?!\\w|\\.\\d)`, 'i');
  return new RegExp(`(?<![\\w-])${escaped}(?![\\w-]${text.includes('.') ? '|\\.\\w' : ''})`, 'i');
}

/** The names of things, where they are given. */
function namesIn({ name, domain, hypervisors, networks, roles, nodes, vips }: Cluster): FreeText[] {
  const keys = [...hypervisors, ...networks, ...nodes, ...vips].map((entity): FreeText => ({
    text: entity.name,
    at: entity.origin,
    part: 'key',
  }));
  const ownDomains = networks.filter((network) => network.domain !== domain);
  return [
    { text: name, at: ['name'] },
    { text: domain, at: ['domain'] },
    ...keys,
    ...roles.map((role) => ({ text: role.name, at: role.origin })),
    ...ownDomains.map((network) => ({ text: network.domain, at: [...network.origin, 'domain'] })),
    ...nodes.flatMap(({ aliases, origin }) => aliases.map((text) => ({ text, at: [...origin, 'aliases'] }))),
  ];
}

/** Addresses where they are given, and those that nothing in the model has any more. */
function addressesIn(cluster: Cluster): FreeText[] {
  const { controller, hypervisors, networks, flows, verifications } = cluster;
  const holders = addressHolders(cluster).map(({ ip, at }) => ({ text: ip.toString(), at }));
  const ranges = networks.flatMap((network) =>
    rangesOf(network).map((cidr): FreeText => ({ text: cidr.toString(), at: [...network.origin, 'cidr'] })),
  );
  const servers = [...networks, ...hypervisors].flatMap(({ dns, origin }) =>
    dns.map((ip, index): FreeText => ({ text: ip.toString(), at: [...origin, 'dns', index] })),
  );
  const ends = [
    controller,
    ...flows.flatMap(({ from, to }) => [...from, ...to]),
    ...verifications.map(({ to }) => to),
  ];
  const held = new Set([...holders, ...ranges].map(({ text }) => text));
  const named = [...servers, ...distinct(ends.flatMap(literalOf))].filter(({ text }) => !held.has(text));
  return [...holders, ...ranges, ...named];
}

function literalOf(place: Place): FreeText[] {
  if (place.kind !== 'address' || place.origin === undefined) return [];
  const { cidr, origin } = place;
  return [{ text: cidr.isAddress ? cidr.network.toString() : cidr.toString(), at: origin }];
}

function distinct(texts: readonly FreeText[]): FreeText[] {
  return [...new Map(texts.map((text) => [text.at.join('\n'), text])).values()];
}
