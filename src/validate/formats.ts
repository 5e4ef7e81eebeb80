import { AddressRange } from '../net/address-range.ts';
import { Cidr } from '../net/cidr.ts';
import { Ipv4 } from '../net/ipv4.ts';
import { Mac } from '../net/mac.ts';
import { type Parsed, parsed, refused } from '../net/parsed.ts';
import { PortRange } from '../net/port-range.ts';

/** The parser behind each `format` of the schema. */
export const parsers: Readonly<Record<string, (text: string) => Parsed<unknown>>> = {
  ip: Ipv4.parse,
  cidr: Cidr.parse,
  mac: Mac.parse,
  'address-range': AddressRange.parse,
  ports: PortRange.parse,
  'port-span': PortRange.parseSpan,
  comment: parseComment,
};

/** The same as yes or no, as the validator asks. */
export const formats: Readonly<Record<string, (text: string) => boolean>> = Object.fromEntries(
  Object.entries(parsers).map(([name, parse]) => [name, (text: string) => parse(text).ok]),
);

/**
 * nft has no escapes, keeps 127 bytes of a comment (NFTNL_UDATA_COMMENT_MAXLEN; libnftnl, include/libnftnl/udata.h);
 * XML has no U+FFFE and U+FFFF.
 */
function parseComment(text: string): Parsed<string> {
  if (/["\\\p{Cc}\u2028\u2029\ufeff\ufffe\uffff]/u.test(text))
    return refused('nftables cannot write double quotes, backslashes and control characters');
  const length = Buffer.byteLength(text);
  return length <= 127 ? parsed(text) : refused(`it takes ${length} bytes, and nftables keeps 127`);
}
