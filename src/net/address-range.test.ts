import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AddressRange } from './address-range.ts';
import { Ipv4 } from './ipv4.ts';

describe('a range of addresses', () => {
  it.each([
    ['10.17.4.100-10.17.4.199', '10.17.4.100-10.17.4.199'],
    ['10.17.4.100 - 10.17.4.199', '10.17.4.100-10.17.4.199'],
    ['10.17.4.100-10.17.4.100', '10.17.4.100-10.17.4.100'],
    ['10.17.4.200-10.17.5.10', '10.17.4.200-10.17.5.10'],
  ])('%s is read as %s', (text, canonical) => {
    expect(AddressRange.of(text).toString()).toBe(canonical);
  });

  it.each([
    ['10.17.4.100', 'it is not of the form FIRST-LAST'],
    ['10.17.4.100-10.17.4.150-10.17.4.199', 'it is not of the form FIRST-LAST'],
    ['10.17.4.100-199', 'it has 1 parts between dots, an IPv4 address has 4'],
    ['10.17.4.100-10.17.4.256', '"256" is over 255'],
    ['10.17.4.-10.17.4.9', '"" is no number from 0 to 255'],
  ])('%s is refused', (text, reason) => {
    expect(AddressRange.parse(text)).toEqual({ ok: false, problem: { reason } });
  });

  it('that runs backwards is refused, and its other way round suggested', () => {
    expect(AddressRange.parse('10.17.4.199-10.17.4.100')).toEqual({
      ok: false,
      problem: {
        reason: 'its first address comes after its last',
        suggestion: '10.17.4.100-10.17.4.199',
      },
    });
  });

  it.each([
    ['10.17.4.99', false],
    ['10.17.4.100', true],
    ['10.17.4.150', true],
    ['10.17.4.199', true],
    ['10.17.4.200', false],
  ])('holds both of its ends: %s is in it: %s', (ip, expected) => {
    expect(AddressRange.of('10.17.4.100-10.17.4.199').contains(Ipv4.of(ip))).toBe(expected);
  });

  it('is ordered by its first address, then its last', () => {
    const texts = ['10.0.0.9-10.0.0.20', '10.0.0.10-10.0.0.11', '10.0.0.9-10.0.0.10'];
    expect(texts.map(AddressRange.of).sort(AddressRange.compare).map(String)).toEqual([
      '10.0.0.9-10.0.0.10',
      '10.0.0.9-10.0.0.20',
      '10.0.0.10-10.0.0.11',
    ]);
  });

  it('of any two addresses reads back as itself', () => {
    fc.assert(
      fc.property(fc.nat(0xffffffff), fc.nat(0xffffffff), (a, b) => {
        const [first, last] = [Math.min(a, b), Math.max(a, b)].map((value) =>
          Ipv4.fromNumber(value).toString(),
        );
        const range = AddressRange.of(`${first}-${last}`);
        return (
          AddressRange.of(range.toString()).equals(range) &&
          range.contains(range.first) &&
          range.contains(range.last)
        );
      }),
    );
  });
});
