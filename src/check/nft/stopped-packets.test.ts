import { describe, expect, it } from 'vitest';
import { compileText, SMALLEST } from '../../../test/support/compile.ts';
import type { Cluster } from '../../resolve/cluster.ts';
import { acceptingRule, packetText, stoppedPackets } from './stopped-packets.ts';

const withRules = (rules: readonly string[], model = SMALLEST) =>
  compileText(`${model}\nfirewall:\n  rules:\n${rules.map((rule) => `    - ${rule}\n`).join('')}`);
const drop = (text: string, chain = 'forward') => `{ chain: ${chain}, before: flows, rule: '${text}' }`;

/** The rules that stop something, with the first packet. */
function stopped(cluster: Cluster): string[] {
  return [...stoppedPackets(cluster)].map(
    ([origin, [first]]) => `${origin.at(-1)}: ${first && packetText(first)}`,
  );
}

describe("a rule of people's own that stops what is needed", () => {
  it('is the first one that certainly does', () => {
    const rules = ['tcp dport 6443 limit rate 9/second drop', 'tcp dport 6443 drop', 'drop'].map((text) =>
      drop(text),
    );
    expect(stopped(withRules(rules))).toEqual(['1: tcp 192.168.0.50 -> 10.17.4.21 dport 6443']);
  });

  it.each([
    ['what is let pass before', ['ip saddr 192.168.0.48/30 accept', 'iifname "br0" drop']],
    ['what may be let pass before', ['meta mark 1 accept', 'drop']],
    ['what is let pass by leaving the chain', ['tcp dport 6443 return', 'drop']],
    ['answers', ['ct state established drop', 'tcp sport 6443 drop']],
  ])('is none with %s', (_what, texts) => {
    expect(stopped(withRules(texts.map((text) => drop(text)).concat(drop('drop', 'input'))))).toEqual([]);
  });

  it('is one for ports that every connection comes from', () => {
    expect(stopped(withRules([drop('tcp sport 1024-65535 ct state new drop')]))).toEqual([
      '0: tcp 192.168.0.50 -> 10.17.4.21 dport 6443',
    ]);
  });

  it('is known with one packet of each flow', () => {
    const rules = ['ip saddr 192.168.0.50 tcp dport 22 drop', 'tcp dport 6443 drop'].map((text) =>
      drop(text),
    );
    const [packets = []] = stoppedPackets(withRules(rules)).values();
    expect(packets.map(packetText)).toEqual([
      'tcp 192.168.0.50 -> 10.17.4.21 dport 6443',
      'tcp 10.17.4.21 -> 192.168.0.55 dport 6443',
    ]);
  });

  it('is none after the flows', () => {
    expect(stopped(withRules(['{ chain: forward, rule: drop }', '{ chain: input, rule: drop }']))).toEqual(
      [],
    );
  });

  it('is none any more when the rules that are proposed stand before it', () => {
    const rules = [drop('tcp dport 22 drop', 'input'), drop('oifname "virbr_kube" drop'), drop('drop')];
    const model = `controller: worker1\n${SMALLEST}`;
    const proposed: string[] = [];
    for (let round = 0; round < 20; round += 1) {
      const [packets] = stoppedPackets(withRules([...proposed, ...rules], model)).values();
      const [first] = packets ?? [];
      if (first !== undefined) proposed.unshift(acceptingRule(first));
    }
    expect(proposed.length).toBeGreaterThan(3);
    expect(stopped(withRules([...proposed, ...rules], model))).toEqual([]);
  });

  it('is not looked for without end', () => {
    const nodes = Array.from(
      { length: 400 },
      (_, index) => `10.17.${8 + (index >> 7)}.${10 + (index & 127)}`,
    );
    const guests = nodes
      .map((ip, index) => `  node${index}: { role: worker, network: big, ip: ${ip} }\n`)
      .join('');
    const model = SMALLEST.replace(
      'nodes:\n',
      `  big: { cidr: 10.17.8.0/21, bridge: virbr_big, mode: open }\n\nnodes:\n${guests}`,
    );
    const rules = nodes.flatMap((ip) => [
      drop(`ip saddr ${ip} tcp dport 25 drop`),
      drop(`ip daddr ${ip} tcp dport 25 drop`),
    ]);
    expect(stopped(withRules([...rules, drop('tcp dport 10250 drop')], model))).toEqual([
      '800: tcp 10.17.8.10 -> 10.17.4.21 dport 10250',
    ]);
  }, 20_000);
});
