import { has, overlap, type Spans, without } from '../cover/spans.ts';

/** What a rule can ask of a packet in numbers. */
export type NumberField =
  'family' | 'protocol' | 'state' | 'saddr' | 'daddr' | 'sport' | 'dport' | 'icmp-type';

export type InterfaceField = 'iifname' | 'oifname';

/** A packet as far as it is known: a field has all that it can be. */
export interface Packet {
  /** The names that the interface can have; undefined where it can have any. */
  readonly iifname: readonly string[] | undefined;
  readonly oifname: readonly string[] | undefined;
  readonly numbers: Readonly<Record<NumberField, Spans>>;
}

/** What a rule asks of one field. */
export type Test =
  | { readonly field: NumberField; readonly not: boolean; readonly values: Spans }
  | {
      readonly field: InterfaceField;
      readonly not: boolean;
      /** One that ends in an asterisk stands for all that begin so. */
      readonly names: readonly string[];
    };

export type Answer = 'yes' | 'no' | 'maybe';

/** Address families as netfilter counts them (NFPROTO_*; linux/netfilter.h). */
export const FAMILIES: ReadonlyMap<string, number> = new Map([
  ['ipv4', 2],
  ['ipv6', 10],
]);

/** IANA's protocol numbers, by the names of /etc/protocols. */
export const PROTOCOLS: ReadonlyMap<string, number> = new Map([
  ['icmp', 1],
  ['igmp', 2],
  ['tcp', 6],
  ['udp', 17],
  ['dccp', 33],
  ['esp', 50],
  ['ah', 51],
  ['icmpv6', 58],
  ['ipv6-icmp', 58],
  ['vrrp', 112],
  ['sctp', 132],
  ['udplite', 136],
]);

/** Bits of the state as conntrack counts them (NF_CT_STATE_*; linux/netfilter/nf_conntrack_common.h). */
export const STATES: ReadonlyMap<string, number> = new Map([
  ['invalid', 1],
  ['established', 2],
  ['related', 4],
  ['new', 8],
  ['untracked', 64],
]);

export function one(value: number | undefined): Spans {
  return value === undefined ? [] : [[value, value]];
}

/** The first packet of a connection over IPv4. What is not given can be anything. */
export function firstPacket({
  iifname,
  oifname,
  ...known
}: Partial<Pick<Packet, InterfaceField> & Packet['numbers']>): Packet {
  return { iifname, oifname, numbers: { ...ANYTHING, ...known } };
}

const PORT: Spans = [[0, 2 ** 16 - 1]];
const ANYWHERE: Spans = [[0, 2 ** 32 - 1]];

export const ANYTHING: Packet['numbers'] = {
  ...{ family: one(FAMILIES.get('ipv4')), state: one(STATES.get('new')), protocol: [[0, 255]] },
  ...{ saddr: ANYWHERE, daddr: ANYWHERE, sport: PORT, dport: PORT, 'icmp-type': [[0, 255]] },
};

/** Whether a packet is what a test asks for, as far as it is known. */
export function ask(test: Test, packet: Packet): Answer {
  const answer = 'names' in test ? named(test.names, packet[test.field]) : inside(test, packet);
  if (!test.not || answer === 'maybe') return answer;
  return answer === 'yes' ? 'no' : 'yes';
}

function inside({ field, values }: Extract<Test, { values: Spans }>, { numbers }: Packet): Answer {
  const possible = numbers[field];
  const only = possible[0];
  // Mostly all is known, and rules are many: no pattern here that would make arrays.
  if (only !== undefined && possible.length === 1 && only[0] === only[1])
    return has(values, only[0]) ? 'yes' : 'no';
  if (!overlap(possible, values)) return 'no';
  return without(possible, values).length === 0 ? 'yes' : 'maybe';
}

function named(names: readonly string[], possible: readonly string[] | undefined): Answer {
  if (possible === undefined) return 'maybe';
  const isFitting = (name: string) => names.some((pattern) => fits(name, pattern));
  if (possible.every(isFitting)) return 'yes';
  return possible.some(isFitting) ? 'maybe' : 'no';
}

function fits(name: string, pattern: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}
