import { describe, expect, it } from 'vitest';
import { dejavuWidth } from '../../../test/support/dejavu-sans.ts';
import { textWidth } from './text-width.ts';

// Widths of whole texts as the fonts' own tables give them.
const KNOWN: readonly (readonly [text: string, size: number, isBold: boolean, width: number])[] = [
  ['load-balancer1', 12, false, 89.8],
  ['load-balancer1', 12, true, 101],
  ['kube_network_01', 12, true, 117.6],
  ['10.17.4.21', 11, false, 59.5],
  ['What crosses the firewall', 13, true, 186.6],
  ['flatcar-microcloud', 20, true, 206.3],
];

describe('the width of a text', () => {
  it.each(KNOWN)(
    '"%s" at %i px (bold: %s) is that in DejaVu Sans, %d, or a little more',
    (text, size, isBold, width) => {
      expect(textWidth(text, { size, isBold })).toBeGreaterThanOrEqual(width);
      expect(textWidth(text, { size, isBold })).toBeLessThan(width * 1.1);
    },
  );

  it.each([false, true])('no ASCII character is wider than it is taken to be (bold: %s)', (isBold) => {
    const characters = Array.from({ length: 95 }, (_, index) => String.fromCodePoint(32 + index));
    const style = { size: 100, isBold };
    const wider = characters.filter(
      (character) => dejavuWidth(character, style) > textWidth(character, style),
    );
    expect(wider).toEqual([]);
  });

  it('counts an emoji once, and as wide', () => {
    expect(textWidth('🎉', { size: 10, isBold: false })).toBe(14);
  });
});
