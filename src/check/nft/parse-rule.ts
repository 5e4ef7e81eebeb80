import { FAMILIES, one, PROTOCOLS, type Test } from './packet.ts';
import { readMatch } from './parse-match.ts';

/** A rule of nft, as far as it is understood. */
export interface ParsedRule {
  /** All of them have to hold. */
  readonly tests: readonly Test[];
  /** Whether nothing else decides if it matches. */
  readonly isWhole: boolean;
  /** What can become of a packet that it matches; nothing where the next rule is asked. */
  readonly ends: readonly ('accept' | 'drop')[];
}

/** A part of a rule, and the number of the word after it. */
export interface Statement {
  readonly next: number;
  readonly tests?: readonly Test[];
  readonly ends?: ParsedRule['ends'];
}

const WORDS = /"[^"]*"|[{},()&|^]|[!=<>]=?|[^\s{},"()&|^!=<>]+/g;

/** What can let a packet pass, or make another one of it, and what can stop it, in a rule that is not understood. */
const OPENING = /\b(accept|return|queue|synproxy)\b|\b([sd]addr|[sd]port|protocol) set\b/;
const CLOSING = /\b(drop|reject|queue|synproxy)\b/;

/**
 * Reads one rule: matches, counter, log and a verdict (nft(8), PAYLOAD EXPRESSIONS and VERDICT STATEMENTS). Where something
 * else begins, such as a map, a limit or a mark, it stops: what follows can match or not.
 */
export function parseRule(text: string): ParsedRule {
  const words = text.match(WORDS) ?? [];
  const tests: Test[] = [];
  for (let at = 0; at < words.length;) {
    tests.push(...impliedBy(words[at] ?? ''));
    const statement = readMatch(words, at) ?? readNote(words, at) ?? readVerdict(words, at);
    if (statement === undefined) return { tests, isWhole: false, ends: possibleEnds(text) };
    tests.push(...(statement.tests ?? []));
    if (statement.ends !== undefined) return { tests, isWhole: true, ends: statement.ends };
    at = statement.next;
  }
  return { tests, isWhole: true, ends: [] };
}

function possibleEnds(text: string): ParsedRule['ends'] {
  const bare = text.replaceAll(/"[^"]*"/g, '""');
  return [
    ...(OPENING.test(bare) ? ['accept' as const] : []),
    ...(CLOSING.test(bare) ? ['drop' as const] : []),
  ];
}

/** What holds wherever a header is looked into. */
function impliedBy(word: string): Test[] {
  if (word === 'ip6') return [{ field: 'family', not: false, values: one(FAMILIES.get('ipv6')) }];
  const number = PROTOCOLS.get(word);
  return number === undefined ? [] : [{ field: 'protocol', not: false, values: one(number) }];
}

/** The settings of `log`, each with one word behind it. */
const LOG_SETTINGS = ['prefix', 'level', 'group', 'snaplen', 'queue-threshold'];

/** What a rule does beside: it counts and writes. */
function readNote(words: readonly string[], at: number): Statement | undefined {
  if (words[at] === 'counter') return { next: words[at + 1] === 'packets' ? at + 5 : at + 1 };
  if (words[at] !== 'log') return undefined;
  let next = at + 1;
  while (LOG_SETTINGS.includes(words[next] ?? '')) next += 2;
  return { next };
}

/** In the chains of people's rules `return` leads back to a base chain, which accepts. */
const VERDICTS: Readonly<Record<string, ParsedRule['ends']>> = {
  accept: ['accept'],
  return: ['accept'],
  drop: ['drop'],
  continue: [],
};

/** Nothing stands behind a verdict: nft refuses that. */
function readVerdict(words: readonly string[], at: number): Statement | undefined {
  const [word = '', ...rest] = words.slice(at);
  const ends = Object.hasOwn(VERDICTS, word) ? VERDICTS[word] : undefined;
  if (ends !== undefined) return { next: words.length, ends };
  if (word !== 'reject' || !['with', undefined].includes(rest[0])) return undefined;
  return { next: words.length, tests: answeredBy(rest[1]), ends: ['drop'] };
}

/** A TCP reset answers TCP only, a message of ICMPv6 answers IPv6 only (nft(8), REJECT STATEMENT). */
function answeredBy(kind: string | undefined): Test[] {
  if (kind === 'tcp') return impliedBy('tcp');
  return kind === 'icmpv6' ? impliedBy('ip6') : [];
}
