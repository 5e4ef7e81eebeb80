import { describe, expect, it } from 'vitest';
import { Ipv4 } from './ipv4.ts';

describe('an IPv4 address', () => {
  it.each(['0.0.0.0', '10.17.4.21', '192.168.0.55', '255.255.255.255'])(
    '%s reads back as it was written',
    (text) => {
      expect(Ipv4.of(text).toString()).toBe(text);
    },
  );

  it('is an unsigned number', () => {
    expect(Ipv4.of('192.168.0.55').value).toBe(192 * 2 ** 24 + 168 * 2 ** 16 + 55);
  });

  it.each([
    ['10.17.4', 'it has 3 parts between dots, an IPv4 address has 4'],
    ['10.17.4.256', '"256" is over 255'],
    ['10.17.4.x', '"x" is no number from 0 to 255'],
    ['10.17.4.-1', '"-1" is no number from 0 to 255'],
    ['10.17..1', '"" is no number from 0 to 255'],
    ['fd00::1', 'it looks like IPv6, which is not supported yet: write an IPv4 address'],
  ])('%s is refused', (text, reason) => {
    expect(Ipv4.parse(text)).toEqual({ ok: false, problem: { reason } });
  });

  it('with a leading zero is refused, and the plain form is suggested', () => {
    expect(Ipv4.parse('10.017.4.08')).toMatchObject({ ok: false, problem: { suggestion: '10.17.4.8' } });
  });
});
