import { describe, expect, it } from 'vitest';
import { PortRange } from './port-range.ts';

describe('a port or range of ports', () => {
  it.each([
    [6443, { first: 6443, last: 6443, protocol: 'tcp' }],
    ['6443', { first: 6443, last: 6443, protocol: 'tcp' }],
    ['53/udp', { first: 53, last: 53, protocol: 'udp' }],
    ['30000-32767', { first: 30000, last: 32767, protocol: 'tcp' }],
    ['30000-32767/tcp', { first: 30000, last: 32767, protocol: 'tcp' }],
    ['1-65535/udp', { first: 1, last: 65535, protocol: 'udp' }],
  ])('%s is read', (text, expected) => {
    expect(PortRange.of(text)).toMatchObject(expected);
  });

  it.each([
    ['0', '0 is not from 1 to 65535'],
    ['65536', '65536 is not from 1 to 65535'],
    ['80-70000', '70000 is not from 1 to 65535'],
    ['http', '"http" is no port number'],
    ['', '"" is no port number'],
    ['-80', '"" is no port number'],
    ['80-', '"" is no port number'],
    ['1-2-3', 'it is not of the form PORT or FIRST-LAST'],
    ['53/sctp', 'after the port only /tcp or /udp can follow'],
    ['53/udp/tcp', 'after the port only /tcp or /udp can follow'],
    ['53/UDP', 'after the port only /tcp or /udp can follow'],
    [' 53', '" 53" is no port number'],
  ])('"%s" is refused', (text, reason) => {
    expect(PortRange.parse(text)).toEqual({ ok: false, problem: { reason } });
  });

  it.each([
    ['0443', '443'],
    ['080-090/udp', '80-90/udp'],
    ['9000-8000/udp', '8000-9000/udp'],
    ['9000-8000', '8000-9000'],
  ])('%s is refused and %s suggested', (text, suggestion) => {
    expect(PortRange.parse(text)).toMatchObject({ ok: false, problem: { suggestion } });
  });

  it.each([
    ['80/tcp', '80', '80'],
    ['53/udp', '53/udp', '53'],
    ['8000-8100', '8000-8100', '8000-8100'],
    ['8000-8000/udp', '8000/udp', '8000'],
  ])('%s is written %s, and %s without its protocol', (text, written, span) => {
    expect([PortRange.of(text).toString(), PortRange.of(text).span]).toEqual([written, span]);
  });

  it('is ordered by protocol, then by number', () => {
    const texts = ['53/udp', '443', '80', '80-90', '5/udp'];
    expect(texts.map(PortRange.of).sort(PortRange.compare).map(String)).toEqual([
      '80',
      '80-90',
      '443',
      '5/udp',
      '53/udp',
    ]);
  });

  it('equals only the same ports of the same protocol', () => {
    expect(PortRange.of('53').equals(PortRange.of('53-53/tcp'))).toBe(true);
    expect(PortRange.of('53').equals(PortRange.of('53/udp'))).toBe(false);
    expect(PortRange.of('53').equals(PortRange.of('53-54'))).toBe(false);
  });
});
