import { AddressRange } from '../net/address-range.ts';
import { Cidr } from '../net/cidr.ts';
import { Ipv4 } from '../net/ipv4.ts';
import { Mac } from '../net/mac.ts';
import type { Parsed } from '../net/parsed.ts';
import { PortRange } from '../net/port-range.ts';

/** The parser behind each `format` of the schema. */
export const parsers: Readonly<Record<string, (text: string) => Parsed<unknown>>> = {
  ip: Ipv4.parse,
  cidr: Cidr.parse,
  mac: Mac.parse,
  'address-range': AddressRange.parse,
  ports: PortRange.parse,
  'port-span': PortRange.parseSpan,
};

/** The same as yes or no, as the validator asks. */
export const formats: Readonly<Record<string, (text: string) => boolean>> = Object.fromEntries(
  Object.entries(parsers).map(([name, parse]) => [name, (text: string) => parse(text).ok]),
);
