import type { Frontend, VipBadge } from '../topology.ts';
import { wrap } from './fit-text.ts';
import { type Block, type LabelText, label, labelWidth } from './shapes.ts';
import { TEXT_LOOKS } from './text-looks.ts';

const PAD = 10;
const LINE = 16;
const MOST_FRONTENDS = 3;

/** How high a VIP's badge of some width is. */
export function badgeHeight(vip: VipBadge, width: number): number {
  return linesOf(vip, width).length * LINE + 10;
}

/** A VIP, to stand over its members. */
export function drawBadge(vip: VipBadge, width: number): Block {
  const lines = linesOf(vip, width);
  const height = badgeHeight(vip, width);
  const room = width - 2 * PAD;
  return {
    width,
    height,
    shapes: [
      { kind: 'box', look: 'badge', x: 0, y: 0, width, height, radius: 6 },
      ...lines.map((line, index) => label('badge', line, { x: PAD, y: 17 + index * LINE, width: room })),
    ],
  };
}

function linesOf({ name, ip, members, frontends }: VipBadge, width: number): LabelText[] {
  const facts = [{ text: ip }, ...frontendTexts(frontends), { text: `on ${members.join(', ')}` }];
  const room = width - 2 * PAD;
  return packed([{ strong: `VIP ${name}`, text: '' }, ...facts], room).flatMap((line) => broken(line, room));
}

function frontendTexts(frontends: readonly Frontend[]): LabelText[] {
  const texts = frontends.map(({ port, backends, backendPort }) =>
    port === backendPort ? `:${port} → ${backends}` : `:${port} → ${backends}:${backendPort}`,
  );
  if (texts.length <= MOST_FRONTENDS) return texts.map((text) => ({ text }));
  const hidden = texts.slice(MOST_FRONTENDS - 1);
  const more = { text: `and ${hidden.length} more`, full: hidden.join(', ') };
  return [...texts.slice(0, MOST_FRONTENDS - 1).map((text) => ({ text })), more];
}

/** The texts in as few lines as they fit in, none of them broken. */
function packed(texts: readonly LabelText[], width: number): LabelText[] {
  const lines: LabelText[] = [];
  for (const text of texts) {
    const last = lines.at(-1);
    const joined = last === undefined ? text : join(last, text);
    if (last !== undefined && labelWidth('badge', joined) <= width) lines.splice(-1, 1, joined);
    else lines.push(text);
  }
  return lines;
}

function join(first: LabelText, second: LabelText): LabelText {
  const texts = [first.text, second.text].filter((text) => text !== '');
  const isCut = first.full !== undefined || second.full !== undefined;
  const whole = ({ strong = '', text, full = `${strong} ${text}`.trim() }: LabelText) => full;
  const full = isCut ? { full: `${whole(first)} · ${whole(second)}` } : {};
  return { ...first, text: texts.join(' · '), ...full };
}

/** A line that is too long, in two. */
function broken(line: LabelText, width: number): LabelText[] {
  if (line.strong !== undefined || labelWidth('badge', line) <= width) return [line];
  const lines = wrap(line.text, TEXT_LOOKS.badge, { width, lines: 2 });
  const full = lines.join(' ') === line.text ? {} : { full: line.text };
  return lines.map((text) => ({ ...line, text, ...full }));
}
