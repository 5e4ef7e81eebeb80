import { AddressRange } from '../../net/address-range.ts';
import { Cidr } from '../../net/cidr.ts';
import { Ipv4 } from '../../net/ipv4.ts';
import type { Span } from '../cover/spans.ts';
import { FAMILIES, type InterfaceField, type NumberField, PROTOCOLS, STATES } from './packet.ts';

/** What a rule looks at, and how it writes one value of it; undefined is what is not understood. */
export type Selector =
  | { readonly field: InterfaceField; readonly names: (word: string) => string | undefined }
  | { readonly field: NumberField; readonly numbers: (word: string) => Span | undefined };

type Names = ReadonlyMap<string, number>;

/** Services as /etc/services has them, and types of ICMP. Other names are not understood. */
const SERVICES: Names = new Map([
  ['ssh', 22],
  ['domain', 53],
  ['http', 80],
  ['ntp', 123],
  ['https', 443],
]);
const ICMP_TYPES: Names = new Map([
  ['echo-reply', 0],
  ['redirect', 5],
  ['echo-request', 8],
]);

const numbers = (field: NumberField, names: Names): Selector => ({
  field,
  numbers: (word) => numberOf(word, names),
});
const ports = (field: 'sport' | 'dport'): Selector => numbers(field, SERVICES);
const addresses = (field: 'saddr' | 'daddr'): Selector => ({ field, numbers: addressesOf });
const interfaces = (field: InterfaceField): Selector => ({ field, names: nameOf });
/** By its number, which nft finds when the rule is loaded: it can be one name only. */
const presentInterface = (field: InterfaceField): Selector => ({
  field,
  names: (word) => (/\*|^\d+$/.test(word) ? undefined : nameOf(word)),
});

/** The expressions of nft(8) that are understood. */
export const SELECTORS: ReadonlyMap<string, Selector> = new Map([
  ['iifname', interfaces('iifname')],
  ['oifname', interfaces('oifname')],
  ['iif', presentInterface('iifname')],
  ['oif', presentInterface('oifname')],
  ['meta iifname', interfaces('iifname')],
  ['meta oifname', interfaces('oifname')],
  ['meta iif', presentInterface('iifname')],
  ['meta oif', presentInterface('oifname')],
  ['meta nfproto', numbers('family', FAMILIES)],
  ['meta l4proto', numbers('protocol', PROTOCOLS)],
  ['ip protocol', numbers('protocol', PROTOCOLS)],
  ['ip saddr', addresses('saddr')],
  ['ip daddr', addresses('daddr')],
  ['tcp sport', ports('sport')],
  ['tcp dport', ports('dport')],
  ['udp sport', ports('sport')],
  ['udp dport', ports('dport')],
  ['th sport', ports('sport')],
  ['th dport', ports('dport')],
  ['icmp type', numbers('icmp-type', ICMP_TYPES)],
  ['ct state', { field: 'state', numbers: (word) => spanOf(STATES.get(word)) }],
]);

/** A name, quoted or not, perhaps with an asterisk at its end. */
function nameOf(word: string): string | undefined {
  return /^"?(\w[\w.:-]*\*?)"?$/.exec(word)?.[1];
}

/** A number, two with a hyphen between them, or a name. With a zero before it nft reads an octal number. */
function numberOf(word: string, names: Names): Span | undefined {
  const [, first, last = first] = /^(0|[1-9]\d*)(?:-(0|[1-9]\d*))?$/.exec(word) ?? [];
  return first === undefined ? spanOf(names.get(word)) : [Number(first), Number(last)];
}

function addressesOf(word: string): Span | undefined {
  const range = AddressRange.parse(word);
  if (range.ok) return [range.value.first.value, range.value.last.value];
  const cidr = Cidr.parse(word);
  if (cidr.ok) return [cidr.value.network.value, cidr.value.last.value];
  const ip = Ipv4.parse(word);
  return ip.ok ? spanOf(ip.value.value) : undefined;
}

function spanOf(value: number | undefined): Span | undefined {
  return value === undefined ? undefined : [value, value];
}
