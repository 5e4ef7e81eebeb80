import { describe, expect, it } from 'vitest';
import { mistakesIn, SMALLEST } from '../../test/support/compile.ts';
import { fixSource } from '../pipeline.ts';

const ONE_MEMBER = SMALLEST.replace('members: [lb1, lb2]', 'members: [lb1]');
const line = ONE_MEMBER.split('\n').findIndex((text) => text.includes('members')) + 1;

function withWaiver(rule: string, at: string): string[] {
  return mistakesIn(`${ONE_MEMBER}waivers:\n  - { rule: ${rule}, at: ${at}, reason: one until spring }\n`);
}

describe('a waiver', () => {
  const finding = `${line}:37 vip-single-member: "api" has the one member "lb1": when that fails, nobody holds the address`;

  it('is what keeps a finding from being reported', () => {
    expect(mistakesIn(ONE_MEMBER)).toEqual([finding]);
    expect(withWaiver('vip-single-member', 'vips.api.members')).toEqual([]);
  });

  it('holds for all below its place', () => {
    expect(withWaiver('vip-single-member', 'vips.api')).toEqual([]);
    expect(withWaiver('vip-single-member', 'vips')).toEqual([]);
  });

  it('that waives nothing is a finding', () => {
    expect(withWaiver('vip-single-member', 'vips.ap')).toEqual([
      finding,
      '22:5 waiver-unused: nothing at vips.ap breaks the rule "vip-single-member"',
    ]);
    expect(withWaiver('address-twice', 'vips.api')).toEqual([
      finding,
      '22:5 waiver-unused: nothing at vips.api breaks the rule "address-twice"',
    ]);
  });

  it('is taken out only where it cannot be meant for a finding elsewhere', () => {
    const needless = `${SMALLEST}waivers: [{ rule: vip-single-member, at: vips.api, reason: one until spring }]\n`;
    const misplaced = `${ONE_MEMBER}waivers: [{ rule: vip-single-member, at: vips.ap, reason: one until spring }]\n`;
    expect(fixSource('x.yaml', Buffer.from(needless))).toMatchObject({ text: SMALLEST, diagnostics: [] });
    expect(fixSource('x.yaml', Buffer.from(misplaced))).toMatchObject({ text: misplaced, fixed: 0 });
  });

  it('keeps what it waives, and stays, whatever is mended around it', () => {
    const flows = `firewall:
  flows:
    - { from: [lb1, lb2], to: master1, ports: [9100] }
    - { from: lb1, to: master1, ports: [9100] }
    - { from: lb2, to: master1, ports: [9100] }
`;
    const waiver = (at: string) =>
      `${SMALLEST}${flows}waivers: [{ rule: flow-redundant, at: "${at}", reason: to be read }]\n`;
    const kept = waiver('firewall.flows[2]');
    expect(fixSource('x.yaml', Buffer.from(kept))).toMatchObject({ text: kept, fixed: 0 });
    // A path that leads nowhere may be meant for one of those that are mended.
    const misplaced = fixSource('x.yaml', Buffer.from(waiver('firewall.flows.2')));
    expect(misplaced.text).toContain('waivers:');
    expect(misplaced.fixed).toBe(2);
  });

  it('of a rule that nobody knows is a mistake', () => {
    expect(withWaiver('vip-single-membr', 'vips.api')).toEqual([
      finding,
      '22:13 unknown-name: there is no rule "vip-single-membr" that could be waived',
    ]);
  });
});
