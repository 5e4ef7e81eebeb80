import type { Crossing, FlowText } from '../topology.ts';
import { type Block, type Head, type LabelText, label, labelWidth, type Shape } from './shapes.ts';

const LINE = 15;
const HEAD = { length: 8, half: 4 };
const MOST_FLOWS = 4;

interface Sides {
  readonly left: number;
  readonly right: number;
}

/** One row: the texts of its flows, and under them an arrow over the lanes, with dots at sources and heads at targets. */
export function drawCrossing(
  { from, to, isMutual, flows }: Crossing,
  positions: ReadonlyMap<string, number>,
  sides: Sides,
): Block {
  const at = (lanes: readonly string[]) => lanes.flatMap((lane) => positions.get(lane) ?? []);
  const sources = at(from);
  const targets = at(to);
  const all = [...sources, ...targets];
  const ends = { left: Math.min(...all), right: Math.max(...all) };
  const texts = flowTexts(flows);
  const y = texts.length * LINE + 14;
  const dots = (isMutual ? [] : sources).map((x): Shape => ({ kind: 'dot', look: 'dot', x, y, radius: 4 }));
  const points = [
    { x: ends.left, y },
    { x: ends.right, y },
  ];
  return {
    width: sides.right - sides.left,
    height: y + 10,
    shapes: [
      ...drawTexts(texts, ends, sides),
      { kind: 'wire', look: 'arrow', points },
      ...targets.flatMap((x) => heads({ x, y }, sources)),
      ...dots,
    ],
  };
}

function flowTexts(flows: readonly FlowText[]): LabelText[] {
  const texts = flows.map(({ ports, text }) => ({ strong: ports, text }));
  if (texts.length <= MOST_FLOWS) return texts;
  const hidden = texts.slice(MOST_FLOWS - 1);
  const full = hidden.map(({ strong, text }) => `${strong} ${text}`).join('; ');
  return [...texts.slice(0, MOST_FLOWS - 1), { text: `and ${hidden.length} more`, full }];
}

/** Over the middle of the arrow, as far as the sides let them be there; their backs hide the lanes behind them. */
function drawTexts(texts: readonly LabelText[], ends: Sides, sides: Sides): Shape[] {
  const widest = Math.max(...texts.map((text) => labelWidth('flow', text)));
  const width = Math.min(widest, sides.right - sides.left - 12);
  const half = Math.ceil(width / 2) + 6;
  const middle = Math.floor((ends.left + ends.right) / 2);
  const x = Math.min(Math.max(middle, sides.left + half), sides.right - half);
  const height = texts.length * LINE + 2;
  return [
    { kind: 'box', look: 'halo', x: x - half, y: 6, width: 2 * half, height, radius: 4 },
    ...texts.map((text, index) => label('flow', text, { x, y: 18 + index * LINE, width, anchor: 'middle' })),
  ];
}

/** The heads at a target: one from each side that a source is on. */
function heads({ x, y }: { x: number; y: number }, sources: readonly number[]): Head[] {
  const head = (back: number): Head => ({
    kind: 'head',
    look: 'head',
    points: [
      { x, y },
      { x: x + back, y: y - HEAD.half },
      { x: x + back, y: y + HEAD.half },
    ],
  });
  return [
    ...(sources.some((source) => source < x) ? [head(-HEAD.length)] : []),
    ...(sources.some((source) => source > x) ? [head(HEAD.length)] : []),
  ];
}
