import { misshapen, type Parsed, parsed, refused, valid } from './parsed.ts';

/** A 48-bit MAC address (IEEE 802), written as six octets with colons in lower case, as libvirt reads it back. */
export class Mac {
  readonly text: string;

  private constructor(text: string) {
    this.text = text;
  }

  static parse(text: string): Parsed<Mac> {
    const lower = text.toLowerCase();
    if (/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(lower)) return parsed(new Mac(lower));
    const digits = lower.replace(/[-.:]/g, '');
    if (!/^[0-9a-f]{12}$/.test(digits)) return refused('it is not six octets in hexadecimal');
    return misshapen('its octets are not joined by colons', (digits.match(/../g) ?? []).join(':'));
  }

  /** The address of a validated text. */
  static of(text: string): Mac {
    return valid(Mac.parse(text));
  }

  /** The address of six octets. */
  static fromOctets(octets: readonly number[]): Mac {
    return Mac.of(octets.map((octet) => octet.toString(16).padStart(2, '0')).join(':'));
  }

  static compare(a: Mac, b: Mac): number {
    return a.text < b.text ? -1 : Number(a.text > b.text);
  }

  get octets(): number[] {
    return this.text.split(':').map((octet) => Number.parseInt(octet, 16));
  }

  equals(other: Mac): boolean {
    return this.text === other.text;
  }

  toString(): string {
    return this.text;
  }
}
