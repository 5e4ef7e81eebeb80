import { describe, expect, it } from 'vitest';
import { Ipv4 } from '../../net/ipv4.ts';
import { firstPacket, one } from './packet.ts';
import { parseRule } from './parse-rule.ts';
import { askAll } from './trace.ts';

/** A load balancer opens a connection to the API; how the port is chosen nobody knows. */
const packet = firstPacket({
  ...{
    iifname: ['br0'],
    oifname: ['virbr_kube'],
    protocol: one(6),
    dport: one(6443),
    sport: [[1024, 65_535]],
  },
  ...{ saddr: one(Ipv4.of('192.168.0.50').value), daddr: one(Ipv4.of('10.17.4.21').value) },
});

const answers = (rule: string) => askAll(parseRule(rule), packet);

// What matches is that of nft(8); test/tools/nftables asks the kernel about thousands of such rules.
describe('a rule of nft', () => {
  it.each([
    'drop',
    'ip saddr 192.168.0.50 tcp dport 6443 drop',
    'ip saddr { 10.0.0.0/8, 192.168.0.40-192.168.0.60 } drop',
    'ip daddr != { 10.17.3.0/24, 10.17.4.22 } drop',
    'iifname "br0" oifname { "virbr0", "virbr_*" } drop',
    'meta oif virbr_kube iif != "lo" drop',
    'meta l4proto { tcp, udp } th dport { 22, 6000-6999 } drop',
    'ip protocol 6 meta nfproto ipv4 counter packets 1 bytes 2 drop',
    'tcp dport > 1023 tcp dport != ssh drop',
    'tcp sport >= 1024 drop',
    'ct state new,established log prefix "udp dport 53" level warn drop',
    'ct state { new, untracked } reject with tcp reset',
    'tcp dport!=22 reject with icmpx type admin-prohibited',
  ])('matches for certain: %s', (rule) => {
    expect(parseRule(rule).ends).toEqual(['drop']);
    expect(answers(rule)).toBe('yes');
  });

  it.each([
    'ip saddr 192.168.0.51 drop',
    'ip saddr 192.168.0.0/27 drop',
    'ip saddr != 192.168.0.0/24 drop',
    'iifname "enp4s0f1" drop',
    'oifname != "virbr*" drop',
    'tcp dport { 22, 80-443 } drop',
    'tcp dport < 6443 drop',
    'udp dport 6443 drop',
    'icmp type echo-request drop',
    'ip protocol vrrp drop',
    'ct state established,related drop',
    'ct state != { new } drop',
    'meta nfproto ipv6 drop',
    'ip6 saddr . tcp dport { fe80::1 . 6443 } drop',
    'reject with icmpv6 type admin-prohibited',
    'tcp sport 22 drop',
    'ip saddr 192.168.0.51 limit rate 5/second accept',
    'udp dport vmap { 6443 : drop }',
  ])('does not match: %s', (rule) => {
    expect(answers(rule)).toBe('no');
  });

  it.each([
    'tcp sport 32768-60999 drop',
    'limit rate 5/second drop',
    'meta mark 1 drop',
    'tcp flags syn drop',
    'tcp dport vmap { 6443 : drop }',
    'ip saddr . ip daddr { 192.168.0.50 . 10.17.4.21 } drop',
    'iifname . oifname { "br0" . "virbr_kube" } drop',
    'ip saddr & 255.255.255.0 == 192.168.0.0 drop',
    'ip saddr 192.168.0.49 - 192.168.0.51 drop',
    'ip saddr lb1.kube.internal drop',
    'ip saddr 192.168.000.062 drop',
    'tcp dport 014453 drop',
    'tcp dport kubelet drop',
    'tcp dport 22 or 6443 drop',
    'ct state != new,established drop',
    'ct state == new,established drop',
    'iif 2 drop',
    'meta skuid 0 drop',
  ])('matches or not, nobody can tell: %s', (rule) => {
    expect(answers(rule)).toBe('maybe');
  });

  it.each([
    ['accept', ['accept']],
    ['return', ['accept']],
    ['continue', []],
    ['tcp dport 22 counter', []],
    ['tcp dport vmap { 22 : drop, 80 : accept }', ['accept', 'drop']],
    ['limit rate 5/second log prefix "accept" drop', ['drop']],
    ['meta mark set 1', []],
    ['ip daddr set 10.17.4.22', ['accept']],
    ['queue num 1', ['accept', 'drop']],
  ])('%s can end a packet by %j', (rule, ends) => {
    expect(parseRule(rule).ends).toEqual(ends);
  });
});
