import { type Parsed, parsed, refused, valid } from './parsed.ts';

const MAX = 0xffffffff;

/** An IPv4 address (RFC 791), in the dotted-decimal form of RFC 6943 section 3.1.1: four octets, no leading zeros. */
export class Ipv4 {
  /** The address as an unsigned 32-bit number. */
  readonly value: number;

  private constructor(value: number) {
    this.value = value;
  }

  static parse(text: string): Parsed<Ipv4> {
    if (text.includes(':'))
      return refused('it looks like IPv6, which is not supported yet: write an IPv4 address');
    const octets = text.split('.');
    if (octets.length !== 4)
      return refused(`it has ${octets.length} parts between dots, an IPv4 address has 4`);
    let value = 0;
    for (const octet of octets) {
      if (!/^\d{1,3}$/.test(octet)) return refused(`"${octet}" is no number from 0 to 255`);
      if (/^0\d/.test(octet)) {
        const plain = octets.map((part) => (/^\d{1,3}$/.test(part) ? String(Number(part)) : part)).join('.');
        return refused(`"${octet}" has a leading zero, which some tools read as octal`, plain);
      }
      if (Number(octet) > 255) return refused(`"${octet}" is over 255`);
      value = value * 256 + Number(octet);
    }
    return parsed(new Ipv4(value));
  }

  /** The address of a validated text. */
  static of(text: string): Ipv4 {
    return valid(Ipv4.parse(text));
  }

  /** @throws RangeError when the number is no unsigned 32-bit integer. */
  static fromNumber(value: number): Ipv4 {
    if (!Number.isInteger(value) || value < 0 || value > MAX)
      throw new RangeError(`no IPv4 address: ${value}`);
    return new Ipv4(value);
  }

  static compare(a: Ipv4, b: Ipv4): number {
    return a.value - b.value;
  }

  equals(other: Ipv4): boolean {
    return this.value === other.value;
  }

  toString(): string {
    return [24, 16, 8, 0].map((shift) => (this.value >>> shift) & 255).join('.');
  }
}
