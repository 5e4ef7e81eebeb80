import { Cidr } from '../../../../src/net/cidr.ts';
import { Ipv4 } from '../../../../src/net/ipv4.ts';
import { type NftLine, readNft } from '../../readers/read-nft.ts';

/** A packet where a table sees it. */
export interface Packet {
  readonly saddr: Ipv4;
  readonly daddr: Ipv4;
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  /** The port that it goes to. */
  readonly port: number;
  readonly state: 'new' | 'established' | 'invalid';
  readonly iifname?: string;
  readonly oifname?: string;
}

type Test = (packet: Packet) => boolean;

interface Rule {
  readonly tests: readonly Test[];
  readonly verdict: string;
}

type Words = readonly string[];

/** A ruleset as nft would load it, for one packet at a time: what the generated files have, and nothing else of nft. */
export class NftTable {
  readonly #sets = new Map<string, string[]>();
  readonly #chains = new Map<string, Rule[]>();

  constructor(script: string) {
    for (const { kind, name, lines } of blocksOf(readNft(script).map(wordsOf)))
      if (kind === 'set') this.#sets.set(name, elementsOf(lines));
      else
        this.#chains.set(
          name,
          lines.filter(decides).map((words) => this.#rule(words)),
        );
  }

  /** What the base chain of a hook makes of a packet; without one it passes. */
  verdict(hook: 'input' | 'forward' | 'postrouting', packet: Packet): string {
    let rules = this.#chains.get(hook) ?? [];
    for (let jumps = 0; jumps < 4; jumps += 1) {
      const verdict = rules.find(({ tests }) => tests.every((test) => test(packet)))?.verdict ?? 'accept';
      const [word, target = ''] = verdict.split(' ');
      if (word !== 'goto') return verdict;
      rules = this.#chains.get(target) ?? [];
    }
    throw new Error('chains that go in circles');
  }

  #rule(words: Words): Rule {
    const tests: Test[] = [];
    let rest = words;
    for (;;) {
      const verdict = verdictOf(rest);
      if (verdict !== undefined) return { tests, verdict };
      const { test, length } = this.#test(rest);
      if (test !== undefined) tests.push(test);
      rest = rest.slice(length);
    }
  }

  /** The test that words begin with, if it is one, and how many words it has. */
  #test([first = '', second = '', ...rest]: Words): { test?: Test; length: number } {
    switch (first) {
      case 'counter':
        return { length: 1 };
      case 'limit':
        return { length: rest[1] === 'burst' ? 6 : 3 };
      case 'iifname':
      case 'oifname':
        return this.#compared([second, ...rest], 1, (value) => (packet) => packet[first] === value);
      case 'ip':
        if (second === 'saddr' || second === 'daddr')
          return this.#compared(rest, 2, (value) => {
            const holds = containing(value);
            return (packet) => holds(packet[second]);
          });
        break;
      case 'tcp':
      case 'udp':
        return this.#compared(rest, 2, (value) => {
          const [from = '', to = from] = value.split('-');
          return ({ protocol, port }) => protocol === first && Number(from) <= port && port <= Number(to);
        });
      case 'ct':
        return this.#compared(
          rest,
          2,
          (value) =>
            ({ state }) =>
              value === state,
        );
      case 'icmp':
        return { test: ({ protocol, state }) => protocol === 'icmp' && state === 'new', length: 3 };
      case 'meta':
        // What is sent to all of a segment goes to no machine in particular.
        return { test: () => false, length: 2 + rest.indexOf('}') + 1 };
    }
    throw new Error(`no test of ours: ${first} ${second}`);
  }

  #compared(words: Words, before: number, one: (value: string) => Test): { test: Test; length: number } {
    const isNot = words[0] === '!=';
    const list = listOf(isNot ? words.slice(1) : words);
    const tests = list
      .filter((word) => !['{', '}', ','].includes(word))
      .flatMap((word) => (word.startsWith('@') ? (this.#sets.get(word.slice(1)) ?? []) : [word]))
      .map(one);
    return {
      test: (packet) => tests.some((test) => test(packet)) !== isNot,
      length: before + Number(isNot) + list.length,
    };
  }
}

/** The words of the value that words begin with: one, several in braces, or several between commas. */
function listOf(words: Words): Words {
  if (words[0] === '{') return words.slice(0, words.indexOf('}') + 1);
  const end = words.findIndex((word, index) => index % 2 === 1 && word !== ',');
  return end === -1 ? words : words.slice(0, end);
}

interface Block {
  readonly kind: 'set' | 'chain';
  readonly name: string;
  readonly lines: Words[];
}

/** The sets and chains, each with the lines in it. */
function blocksOf(lines: readonly Words[]): Block[] {
  const blocks: Block[] = [];
  for (const words of lines) {
    const [kind, name = ''] = words;
    if (kind === 'set' || kind === 'chain') blocks.push({ kind, name, lines: [] });
    else blocks.at(-1)?.lines.push(words);
  }
  return blocks;
}

/** Sets come before chains, and their elements stand one on a line. */
function elementsOf(lines: readonly Words[]): string[] {
  const start = lines.findIndex(([first]) => first === 'elements');
  return lines.slice(start + 1).flatMap(([first = '}']) => (first === '}' ? [] : [first]));
}

/** Whether a line of a chain decides about packets: it is no head and no end, and does not only write to the log. */
function decides(words: Words): boolean {
  return !['type', '}'].includes(words[0] ?? '') && !words.includes('log');
}

function wordsOf(line: NftLine): string[] {
  return line.flatMap((word) => (typeof word === 'string' ? [word] : 'text' in word ? [word.text] : []));
}

/** The verdict that words begin with, if they do. */
function verdictOf([first = '', second = '']: Words): string | undefined {
  if (['accept', 'drop', 'reject', 'return', 'masquerade'].includes(first)) return first;
  if (first === 'goto') return `goto ${second}`;
  return undefined;
}

function containing(text: string): (ip: Ipv4) => boolean {
  if (text.includes('/')) {
    const cidr = Cidr.of(text);
    return (ip) => cidr.contains(ip);
  }
  const [first, last = first] = text.split('-').map((end) => Ipv4.of(end).value);
  return ({ value }) => first !== undefined && last !== undefined && first <= value && value <= last;
}
