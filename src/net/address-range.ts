import { Ipv4 } from './ipv4.ts';
import { type Parsed, parsed, refused, valid } from './parsed.ts';

/** A range of IPv4 addresses, both ends included, written FIRST-LAST. */
export class AddressRange {
  readonly first: Ipv4;
  readonly last: Ipv4;

  private constructor(first: Ipv4, last: Ipv4) {
    this.first = first;
    this.last = last;
  }

  static parse(text: string): Parsed<AddressRange> {
    const [from, to, ...rest] = text.split('-');
    if (from === undefined || to === undefined || rest.length > 0)
      return refused('it is not of the form FIRST-LAST');
    const first = Ipv4.parse(from.trim());
    if (!first.ok) return first;
    const last = Ipv4.parse(to.trim());
    if (!last.ok) return last;
    if (first.value.value > last.value.value) {
      return refused('its first address comes after its last', `${last.value}-${first.value}`);
    }
    return parsed(new AddressRange(first.value, last.value));
  }

  /** The range of a validated text. */
  static of(text: string): AddressRange {
    return valid(AddressRange.parse(text));
  }

  static compare(a: AddressRange, b: AddressRange): number {
    return Ipv4.compare(a.first, b.first) || Ipv4.compare(a.last, b.last);
  }

  contains(ip: Ipv4): boolean {
    return ip.value >= this.first.value && ip.value <= this.last.value;
  }

  equals(other: AddressRange): boolean {
    return this.first.equals(other.first) && this.last.equals(other.last);
  }

  toString(): string {
    return `${this.first}-${this.last}`;
  }
}
