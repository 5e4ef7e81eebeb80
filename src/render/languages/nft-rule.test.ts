import { describe, expect, it } from 'vitest';
import type { Rule } from '../../firewall/ruleset.ts';
import { Cidr } from '../../net/cidr.ts';
import { Ipv4 } from '../../net/ipv4.ts';
import { PortRange } from '../../net/port-range.ts';
import { nftRule } from './nft-rule.ts';

const write = (change: Partial<Rule>) => nftRule({ matches: [], verdict: 'accept', comment: '', ...change });
const cidr = Cidr.of('10.17.4.0/24');
const ip = Ipv4.of('192.168.0.50');

// The lines are those of nft(8); the generated rulesets are loaded by nft itself in test/tools.
describe('a rule of the firewall', () => {
  it.each<[string, Partial<Rule>]>([
    ['accept', {}],
    ['drop', { verdict: 'drop' }],
    ['return', { verdict: 'return' }],
    ['masquerade', { verdict: 'masquerade' }],
    ['reject with icmpx admin-prohibited', { verdict: 'reject' }],
    ['goto cluster_forward', { verdict: { goto: 'cluster_forward' } }],
    [
      'limit rate 5/minute burst 10 packets log prefix "refused: " level info',
      { verdict: { log: 'refused: ' } },
    ],
    ['accept comment "why"', { comment: 'why' }],
    ['limit rate 10/second counter drop', { verdict: 'drop', counter: true, limit: 10 }],
    [
      'ct state established,related accept',
      { matches: [{ on: 'state', states: ['established', 'related'] }] },
    ],
    ['iifname "br0" accept', { matches: [{ on: 'interface', key: 'iifname', value: 'br0' }] }],
    [
      'oifname != @ours accept',
      { matches: [{ on: 'interface', key: 'oifname', not: true, value: { set: 'ours' } }] },
    ],
    ['ip saddr 10.17.4.0/24 accept', { matches: [{ on: 'address', key: 'saddr', value: [cidr] }] }],
    [
      'ip daddr != { 10.17.4.0/24, 192.168.0.50 } accept',
      { matches: [{ on: 'address', key: 'daddr', not: true, value: [cidr, ip] }] },
    ],
    [
      'ip saddr @role_master accept',
      { matches: [{ on: 'address', key: 'saddr', value: { set: 'role_master' } }] },
    ],
    ['tcp dport 6443 accept', { matches: [{ on: 'ports', ports: [PortRange.of(6443)] }] }],
    [
      'udp dport { 53, 8000-8100 } accept',
      { matches: [{ on: 'ports', ports: [PortRange.of('53/udp'), PortRange.of('8000-8100/udp')] }] },
    ],
    ['icmp type echo-request accept', { matches: [{ on: 'echo-request' }] }],
    ['meta pkttype { broadcast, multicast } accept', { matches: [{ on: 'group-addressed' }] }],
    [
      'iifname "br0" tcp dport 22 counter accept comment "SSH"',
      {
        matches: [
          { on: 'interface', key: 'iifname', value: 'br0' },
          { on: 'ports', ports: [PortRange.of(22)] },
        ],
        counter: true,
        comment: 'SSH',
      },
    ],
  ])('is the line %s', (line, change) => {
    expect(write(change)).toBe(line);
  });

  it.each(['a" drop', 'x'.repeat(128)])('has no comment that nft would not keep: %s', (comment) => {
    expect(() => write({ comment })).toThrow(TypeError);
  });
});
