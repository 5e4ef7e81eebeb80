import type { Crossing } from '../topology.ts';
import { drawCrossing } from './draw-crossing.ts';
import { type Block, label, labelWidth, moved, type Point, type Shape } from './shapes.ts';

export const PAD = 16;
/** No lane is narrower than this. */
export const MIN_LANE = 56;
const CHIP = { height: 24, gap: 8, pad: 10 };
/** Narrower lanes have their names in two tiers. */
const NARROW = 104;

/** Lanes, and in rows the arrows over them. */
export interface Sequence {
  readonly title: { readonly strong: string; readonly text: string };
  readonly note: string;
  readonly lanes: readonly string[];
  readonly rows: readonly Crossing[];
  /** A line below, or nothing. */
  readonly footer: { readonly text: string; readonly full?: string } | undefined;
  readonly look: (lane: string) => string;
}

/** A panel with a lane for each end and an arrow for each row, as in a sequence diagram. */
export function drawSequence({ title, note, lanes, rows, footer, look }: Sequence, width: number): Block {
  const spacing = Math.floor((width - 2 * PAD) / Math.max(1, lanes.length));
  const positions = new Map(
    lanes.map((lane, index) => [lane, PAD + Math.floor(spacing * (index + 0.5))] as const),
  );
  const head = chips(lanes, { spacing, look });
  const arrows = drawRows(rows, { positions, width });
  const top = 62;
  const bottom = top + head.height + arrows.height;
  const lines = lanes.map((lane, index): Shape => {
    const x = positions.get(lane) ?? 0;
    const points: Point[] = [
      { x, y: top + tierTop(index, spacing) + CHIP.height },
      { x, y: bottom },
    ];
    return { kind: 'wire', look: `lane ${look(lane)}`, points };
  });
  const inner = width - 2 * PAD;
  const last = footer === undefined ? [] : [label('note', footer, { x: PAD, y: bottom + 14, width: inner })];
  const height = bottom + PAD + (last.length > 0 ? 10 : 0);
  return {
    width,
    height,
    shapes: [
      { kind: 'box', look: 'panel', x: 0, y: 0, width, height, radius: 12 },
      label('heading', title, { x: PAD, y: 27, width: inner }),
      label('note', note, { x: PAD, y: 46, width: inner }),
      ...lines,
      ...moved(head.shapes, { x: PAD, y: top }),
      ...moved(arrows.shapes, { x: 0, y: top + head.height }),
      ...last,
    ],
  };
}

/** Lanes that are too narrow for their names have them in two tiers. */
function tierTop(index: number, spacing: number): number {
  return spacing < NARROW && index % 2 === 1 ? CHIP.height + CHIP.gap : 0;
}

function chips(
  lanes: readonly string[],
  { spacing, look }: { spacing: number; look: (lane: string) => string },
): { height: number; shapes: Shape[] } {
  const shapes = lanes.flatMap((lane, index): Shape[] => {
    const middle = Math.floor(spacing * (index + 0.5));
    const room =
      spacing < NARROW ? 2 * Math.min(spacing, middle + PAD, lanes.length * spacing - middle + PAD) : spacing;
    const width = Math.min(room - 12, labelWidth('chip', { text: lane }) + 2 * CHIP.pad);
    const x = middle - Math.floor(width / 2);
    const y = tierTop(index, spacing);
    return [
      { kind: 'box', look: `pill ${look(lane)}`, x, y, width, height: CHIP.height, radius: CHIP.height / 2 },
      label(
        'chip',
        { text: lane, tone: look(lane) },
        { x: middle, y: y + 16, width: width - 12, anchor: 'middle' },
      ),
    ];
  });
  const tiers = lanes.some((_lane, index) => tierTop(index, spacing) > 0) ? 2 : 1;
  return { height: lanes.length === 0 ? 0 : tiers * (CHIP.height + CHIP.gap), shapes };
}

function drawRows(
  crossings: readonly Crossing[],
  { positions, width }: { positions: ReadonlyMap<string, number>; width: number },
): { height: number; shapes: Shape[] } {
  const shapes: Shape[] = [];
  let height = 0;
  for (const crossing of crossings) {
    const row = drawCrossing(crossing, positions, { left: PAD, right: width - PAD });
    shapes.push(...moved(row.shapes, { x: 0, y: height }));
    height += row.height;
  }
  return { height, shapes };
}
