import { type Parsed, parsed, refused, valid } from './parsed.ts';

export type Protocol = 'tcp' | 'udp';

const PROTOCOLS: readonly Protocol[] = ['tcp', 'udp'];

/** Ports of one protocol, both ends included (RFC 6335: 1 to 65535), written PORT or FIRST-LAST, with /udp for UDP. */
export class PortRange {
  readonly first: number;
  readonly last: number;
  readonly protocol: Protocol;

  private constructor(first: number, last: number, protocol: Protocol) {
    this.first = first;
    this.last = last;
    this.protocol = protocol;
  }

  static parse(text: string): Parsed<PortRange> {
    const [ports = '', name = 'tcp', ...rest] = text.split('/');
    const protocol = PROTOCOLS.find((known) => known === name);
    if (protocol === undefined || rest.length > 0)
      return refused('after the port only /tcp or /udp can follow');
    const [from = '', to = from, ...more] = ports.split('-');
    if (more.length > 0) return refused('it is not of the form PORT or FIRST-LAST');
    for (const end of [from, to]) {
      if (!/^\d{1,5}$/.test(end)) return refused(`"${end}" is no port number`);
      if (/^0\d/.test(end)) return refused(`"${end}" has a leading zero`, text.replace(/\b0+(?=\d)/g, ''));
      if (Number(end) < 1 || Number(end) > 65535) return refused(`${end} is not from 1 to 65535`);
    }
    if (Number(from) > Number(to)) {
      const turned = new PortRange(Number(to), Number(from), protocol);
      return refused('its first port comes after its last', turned.toString());
    }
    return parsed(new PortRange(Number(from), Number(to), protocol));
  }

  /** FIRST-LAST alone. */
  static parseSpan(text: string): Parsed<PortRange> {
    return /^\d+-\d+$/.test(text) ? PortRange.parse(text) : refused('it is not of the form FIRST-LAST');
  }

  /** The ports of a validated text or number. */
  static of(port: string | number): PortRange {
    return valid(PortRange.parse(String(port)));
  }

  static compare(a: PortRange, b: PortRange): number {
    if (a.protocol !== b.protocol) return a.protocol < b.protocol ? -1 : 1;
    return a.first - b.first || a.last - b.last;
  }

  equals(other: PortRange): boolean {
    return PortRange.compare(this, other) === 0;
  }

  /** The ports alone, without the protocol: `80` or `8000-8100`. */
  get span(): string {
    return this.first === this.last ? String(this.first) : `${this.first}-${this.last}`;
  }

  /** As it is written in a model: TCP goes without saying. */
  toString(): string {
    return this.protocol === 'tcp' ? this.span : `${this.span}/${this.protocol}`;
  }
}
