import { Ipv4 } from './ipv4.ts';
import { misshapen, type Parsed, parsed, refused, valid } from './parsed.ts';

/** An IPv4 prefix in the notation of RFC 4632: the network's address, with no host bits set, and its length. */
export class Cidr {
  /** The network address. */
  readonly network: Ipv4;
  /** The prefix length, 0 to 32. */
  readonly prefix: number;

  private constructor(network: Ipv4, prefix: number) {
    this.network = network;
    this.prefix = prefix;
  }

  static parse(text: string): Parsed<Cidr> {
    const [address = '', length, ...rest] = text.split('/');
    if (length === undefined || rest.length > 0) return refused('it is not of the form ADDRESS/LENGTH');
    const ip = Ipv4.parse(address);
    if (!ip.ok) return ip;
    if (!/^(\d|[12]\d|3[0-2])$/.test(length)) return refused(`"${length}" is no prefix length from 0 to 32`);
    const cidr = Cidr.around(ip.value, Number(length));
    if (!cidr.network.equals(ip.value)) {
      const reason = `${address} is an address inside the network, not the network's own`;
      // Of a wide range either part can be the slip.
      return (cidr.prefix >= 24 ? misshapen : refused)(reason, cidr.toString());
    }
    return parsed(cidr);
  }

  /** The prefix of a validated text. */
  static of(text: string): Cidr {
    return valid(Cidr.parse(text));
  }

  /** The prefix of this length that holds the address. */
  static around(ip: Ipv4, prefix: number): Cidr {
    const size = 2 ** (32 - prefix);
    return new Cidr(Ipv4.fromNumber(Math.floor(ip.value / size) * size), prefix);
  }

  static compare(a: Cidr, b: Cidr): number {
    return Ipv4.compare(a.network, b.network) || a.prefix - b.prefix;
  }

  /** The last address: the subnet's broadcast address (RFC 919) for lengths up to 30. */
  get last(): Ipv4 {
    return Ipv4.fromNumber(this.network.value + 2 ** (32 - this.prefix) - 1);
  }

  /** The first address that a host can have; /31 and /32 have no network address of their own (RFC 3021). */
  get firstHost(): Ipv4 {
    return this.prefix >= 31 ? this.network : Ipv4.fromNumber(this.network.value + 1);
  }

  /** The last one. */
  get lastHost(): Ipv4 {
    return this.prefix >= 31 ? this.last : Ipv4.fromNumber(this.last.value - 1);
  }

  /** Whether it is a single address. */
  get isAddress(): boolean {
    return this.prefix === 32;
  }

  contains(ip: Ipv4): boolean {
    const place = ip.value - this.network.value;
    return place >= 0 && place < 2 ** (32 - this.prefix);
  }

  /** Whether all addresses from one to another lie in it. */
  includes(first: Ipv4, last: Ipv4): boolean {
    return this.contains(first) && this.contains(last);
  }

  /** Whether an address lies in both. Of two prefixes that share one, one holds the other. */
  overlaps(other: Cidr): boolean {
    return this.contains(other.network) || other.contains(this.network);
  }

  equals(other: Cidr): boolean {
    return this.network.equals(other.network) && this.prefix === other.prefix;
  }

  toString(): string {
    return `${this.network}/${this.prefix}`;
  }
}
