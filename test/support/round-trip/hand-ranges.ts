import type { Network } from '../../../src/validate/model.ts';

/* The ranges of networks, as texts. */

/** The first address of a range that ends on a whole octet or more. */
export function firstHost(cidr: string): string {
  const [address = '', prefix] = cidr.split('/');
  if (Number(prefix) > 24) throw new Error(`not by hand: ${cidr}`);
  return address.replace(/\d+$/, '1');
}

/** Whether an address lies in a network, by its 32 bits. */
export function isIn(address: string, cidr: string): boolean {
  const [network = '', prefix = '32'] = cidr.split('/');
  const bits = (text: string) =>
    text
      .split('.')
      .map((octet) => Number(octet).toString(2).padStart(8, '0'))
      .join('');
  return bits(address).startsWith(bits(network).slice(0, Number(prefix)));
}

/** The ranges of a network, the first one first. */
export function rangesOf({ cidr }: Network): string[] {
  return [cidr].flat();
}

export function firstRange(network: Network): string {
  return rangesOf(network)[0] ?? '';
}

/** The range of a network that an address lies in. */
export function rangeAround(network: Network, ip: string): string | undefined {
  return rangesOf(network).find((range) => isIn(ip, range));
}

/** An address with the prefix length of its own range. */
export function withPrefix(network: Network, ip: string): string {
  return `${ip}/${prefixOf(network, ip)}`;
}

export function prefixOf(network: Network, ip: string): string {
  const range = rangeAround(network, ip);
  if (range === undefined) throw new Error(`${ip} is in no range`);
  return range.split('/')[1] ?? '';
}
