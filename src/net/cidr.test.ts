import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cidr } from './cidr.ts';
import { Ipv4 } from './ipv4.ts';

const anyIp = fc.nat(0xffffffff).map((value) => Ipv4.fromNumber(value));
const anyCidr = fc.tuple(anyIp, fc.nat(32)).map(([ip, prefix]) => Cidr.around(ip, prefix));

describe('a network', () => {
  it.each(['0.0.0.0/0', '10.17.4.0/24', '10.20.0.0/22', '192.168.0.50/32', '10.0.0.4/31'])(
    '%s reads back as it was written',
    (text) => {
      expect(Cidr.of(text).toString()).toBe(text);
    },
  );

  it.each([
    ['10.17.4.0', 'it is not of the form ADDRESS/LENGTH'],
    ['10.17.4.0/24/24', 'it is not of the form ADDRESS/LENGTH'],
    ['10.17.4.0/33', '"33" is no prefix length from 0 to 32'],
    ['10.17.4.0/024', '"024" is no prefix length from 0 to 32'],
    ['10.17.4.0/', '"" is no prefix length from 0 to 32'],
    ['10.17.4.0/255.255.255.0', '"255.255.255.0" is no prefix length from 0 to 32'],
    ['10.17.256.0/24', '"256" is over 255'],
  ])('%s is refused', (text, reason) => {
    expect(Cidr.parse(text)).toEqual({ ok: false, problem: { reason } });
  });

  it.each([
    ['10.17.4.1/24', '10.17.4.0/24'],
    ['192.168.0.1/31', '192.168.0.0/31'],
  ])('with host bits, as in %s, is %s for certain', (text, suggestion) => {
    expect(Cidr.parse(text)).toMatchObject({ ok: false, problem: { suggestion, isSame: true } });
  });

  it.each([
    ['10.20.1.0/22', '10.20.0.0/22'],
    ['10.43.7.0/12', '10.32.0.0/12'],
    ['255.255.255.255/0', '0.0.0.0/0'],
  ])('of a wide range, as in %s, is only likely %s', (text, suggestion) => {
    const { problem } = Cidr.parse(text) as Extract<ReturnType<typeof Cidr.parse>, { ok: false }>;
    expect(problem).toMatchObject({ suggestion });
    expect(problem.isSame).toBeUndefined();
  });

  it.each([
    ['10.17.4.0/24', '10.17.4.1', '10.17.4.255'],
    ['10.20.0.0/22', '10.20.0.1', '10.20.3.255'],
    ['10.0.0.4/30', '10.0.0.5', '10.0.0.7'],
    ['10.0.0.4/31', '10.0.0.4', '10.0.0.5'],
    ['10.0.0.4/32', '10.0.0.4', '10.0.0.4'],
    ['0.0.0.0/0', '0.0.0.1', '255.255.255.255'],
  ])('%s has %s as its first host and %s as its last address', (text, first, last) => {
    const cidr = Cidr.of(text);
    expect([cidr.firstHost.toString(), cidr.last.toString()]).toEqual([first, last]);
  });

  it.each([
    ['10.17.4.0/24', '10.17.4.0', true],
    ['10.17.4.0/24', '10.17.4.255', true],
    ['10.17.4.0/24', '10.17.5.0', false],
    ['10.17.4.0/24', '10.17.3.255', false],
    ['0.0.0.0/0', '8.8.8.8', true],
  ])('%s holds %s: %s', (text, ip, expected) => {
    expect(Cidr.of(text).contains(Ipv4.of(ip))).toBe(expected);
  });

  it('is ordered by address, then the wider one first', () => {
    const texts = ['10.17.4.0/24', '9.0.0.0/8', '10.0.0.0/8', '10.17.4.0/25', '100.64.0.0/10'];
    expect(texts.map(Cidr.of).sort(Cidr.compare).map(String)).toEqual([
      '9.0.0.0/8',
      '10.0.0.0/8',
      '10.17.4.0/24',
      '10.17.4.0/25',
      '100.64.0.0/10',
    ]);
  });

  it('around an address holds it, and reads back as itself', () => {
    fc.assert(
      fc.property(anyIp, fc.nat(32), (ip, prefix) => {
        const cidr = Cidr.around(ip, prefix);
        return cidr.contains(ip) && Cidr.of(cidr.toString()).equals(cidr);
      }),
    );
  });

  it('equals what compares as the same, and nothing else', () => {
    fc.assert(fc.property(anyCidr, anyCidr, (a, b) => a.equals(b) === (Cidr.compare(a, b) === 0)));
  });
});

describe('two prefixes', () => {
  const net = Cidr.of('10.17.4.0/23');

  it.each([
    ['10.17.4.0/23', true],
    ['10.17.5.128/25', true],
    ['10.16.0.0/12', true],
    ['10.17.6.0/24', false],
    ['10.17.3.0/24', false],
  ])('overlap or not: %s', (text, expected) => {
    expect(net.overlaps(Cidr.of(text))).toBe(expected);
    expect(Cidr.of(text).overlaps(net)).toBe(expected);
  });

  it.each([
    ['10.17.4.0', '10.17.5.255', true],
    ['10.17.4.0', '10.17.6.0', false],
    ['10.17.3.255', '10.17.4.9', false],
  ])('a prefix has all from %s to %s: %s', (first, last, expected) => {
    expect(net.includes(Ipv4.of(first), Ipv4.of(last))).toBe(expected);
  });
});
