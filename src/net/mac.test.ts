import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Mac } from './mac.ts';

describe('a MAC address', () => {
  it.each([
    ['52:54:00:c6:ba:3c', '52:54:00:c6:ba:3c'],
    ['52:54:00:C6:BA:3C', '52:54:00:c6:ba:3c'],
    ['00:00:00:00:00:00', '00:00:00:00:00:00'],
  ])('%s is written as libvirt reads it back', (text, canonical) => {
    expect(Mac.of(text).toString()).toBe(canonical);
  });

  it.each([
    ['52-54-00-C6-BA-3C', '52:54:00:c6:ba:3c'],
    ['5254.00c6.ba3c', '52:54:00:c6:ba:3c'],
    ['525400c6ba3c', '52:54:00:c6:ba:3c'],
  ])('in the form %s is refused and %s suggested', (text, suggestion) => {
    const reason = 'its octets are not joined by colons';
    expect(Mac.parse(text)).toEqual({ ok: false, problem: { reason, suggestion, isSame: true } });
  });

  it.each([
    '',
    '52:54:00:c6:ba',
    '52:54:00:c6:ba:3c:11',
    '52:54:00:c6:ba:3g',
    '52:54:00:c6:ba:3',
    ' 52:54:00:c6:ba:3c',
  ])('"%s" is refused', (text) => {
    expect(Mac.parse(text)).toEqual({
      ok: false,
      problem: { reason: 'it is not six octets in hexadecimal' },
    });
  });

  it('is the same in capitals', () => {
    expect(Mac.of('52:54:00:AA:00:01').equals(Mac.of('52:54:00:aa:00:01'))).toBe(true);
  });

  it('is ordered by its octets', () => {
    const texts = ['52:54:00:00:00:0a', '52:54:00:00:00:09', '00:16:3e:ff:ff:ff'];
    expect(texts.map(Mac.of).sort(Mac.compare).map(String)).toEqual([...texts].reverse());
  });

  it('of octets has them', () => {
    const octets = fc.array(fc.nat(255), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(octets, (numbers) => {
        const mac = Mac.fromOctets(numbers);
        const read = mac.toString().split(':');
        expect(read.map((octet) => Number.parseInt(octet, 16))).toEqual(numbers);
        expect(mac.octets).toEqual(numbers);
      }),
    );
  });
});
