import { describe, expect, it } from 'vitest';
import type { DecidingRule, Match, Rule } from '../../firewall/ruleset.ts';
import { firstPacket, one } from './packet.ts';
import { tracerOf } from './trace.ts';

const packet = firstPacket({ iifname: ['br0'], protocol: one(1), 'icmp-type': one(8) });
const rule = (matches: readonly Match[], change: Partial<DecidingRule> = {}): Rule => ({
  ...{ matches, verdict: 'drop', comment: '' },
  ...change,
});

/** What can become of the packet in a chain that the base chain goes to. */
function ends(base: Rule, ...rules: Rule[]): string[] {
  const trace = tracerOf({
    ...{ table: 'x', sets: [{ name: 'bridges', comment: '', elements: [{ value: 'br0', comment: '' }] }] },
    chains: [
      { name: 'input', hook: { type: 'filter', at: 'input' }, rules: [base] },
      { name: 'cluster', rules },
    ],
  });
  return trace('input', packet).map(({ verdict }) => verdict);
}

const goto: Partial<DecidingRule> = { verdict: { goto: 'cluster' } };
const always = rule([], goto);

describe('a packet that nothing is known of but its bridge', () => {
  it('is asked about in the chain that it is sent to, and nowhere else', () => {
    const bridges: Match = { on: 'interface', key: 'iifname', value: { set: 'bridges' } };
    expect(ends(rule([bridges], goto), rule([]))).toEqual(['drop']);
    expect(ends(rule([{ ...bridges, not: true }], goto), rule([]))).toEqual(['accept']);
    expect(ends(rule([{ on: 'interface', key: 'oifname', value: 'br1' }], goto), rule([]))).toEqual([
      'drop',
      'accept',
    ]);
  });

  it('is let pass where a chain ends', () => {
    expect(ends(always)).toEqual(['accept']);
    expect(
      ends(always, rule([], { verdict: { log: 'x' } }), rule([], { verdict: 'return' }), rule([])),
    ).toEqual(['accept']);
  });

  it('may be beyond a limit', () => {
    expect(ends(always, rule([{ on: 'echo-request' }], { verdict: 'accept', limit: 50 }), rule([]))).toEqual([
      'accept',
      'drop',
    ]);
  });

  it('is the first of a connection with one machine', () => {
    expect(ends(always, rule([{ on: 'state', states: ['established', 'related'] }]))).toEqual(['accept']);
    expect(ends(always, rule([{ on: 'group-addressed' }]))).toEqual(['accept']);
  });
});
