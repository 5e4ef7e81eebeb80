import type { Segment } from '../topology.ts';
import type { NetworkRow } from './draw-network-rows.ts';
import { factLabel } from './fact-label.ts';
import { wrap } from './fit-text.ts';
import { type Block, type Box, label, moved, type Shape, type Wire } from './shapes.ts';
import { SEGMENT_PAD } from './size-networks.ts';
import { TEXT_LOOKS } from './text-looks.ts';

const BAR = 28;
const DROP = 16;
const ROW_GAP = 28;

export interface SegmentPlan {
  readonly rows: readonly NetworkRow[];
  /** Whether its way out is drawn, so that its bar need not tell. */
  readonly isCabled: boolean;
}

/** A bridge as a bar with its networks hanging from it. Its frame is drawn when the height of the row is known. */
export function drawSegment(segment: Segment, { rows, isCabled }: SegmentPlan): Block {
  const inner = Math.max(...rows.map(({ width }) => width));
  const shapes: Shape[] = [...drawBar(segment, inner, isCabled)];
  let y = SEGMENT_PAD + BAR;
  for (const [index, row] of rows.entries()) {
    if (row.ports.length === 0) continue;
    y += index === 0 ? DROP : ROW_GAP;
    shapes.push(...row.ports.map((port) => drop(port + SEGMENT_PAD, { y, isFirst: index === 0 })));
    shapes.push(...moved(row.shapes, { x: SEGMENT_PAD, y }));
    y += row.height;
  }
  for (const note of wrap(noteOf(segment), TEXT_LOOKS.note, { width: inner, lines: 3 })) {
    y += 18;
    shapes.push(label('note', note, { x: SEGMENT_PAD, y, width: inner }));
  }
  return { width: inner + 2 * SEGMENT_PAD, height: y + SEGMENT_PAD, shapes };
}

function drawBar({ bridge, kind, ip, uplink, mark }: Segment, width: number, isCabled: boolean): Shape[] {
  const facts = [
    ...(uplink === undefined || isCabled ? [] : [`uplink ${uplink}`]),
    kind,
    ...(ip === undefined ? [] : [`host ${ip}`]),
  ];
  const bar: Box = {
    kind: 'box',
    look: mark === undefined ? 'bar' : `bar ${mark}`,
    x: SEGMENT_PAD,
    y: SEGMENT_PAD,
    width,
    height: BAR,
    radius: 5,
  };
  const place = { x: SEGMENT_PAD + 12, y: SEGMENT_PAD + 18, width: width - 24 };
  return [bar, factLabel('bar', { name: bridge, facts }, place)];
}

/** From the bar down to a network; to a later row along the left edge and above the row's boxes. */
function drop(x: number, { y, isFirst }: { y: number; isFirst: boolean }): Wire {
  const bottom = SEGMENT_PAD + BAR;
  const spine = SEGMENT_PAD / 2;
  const side = bottom - BAR / 2;
  const above = y - ROW_GAP / 2;
  const direct = [
    { x, y: bottom },
    { x, y },
  ];
  const around = [
    { x: SEGMENT_PAD, y: side },
    { x: spine, y: side },
    { x: spine, y: above },
    { x, y: above },
    { x, y },
  ];
  return { kind: 'wire', look: 'cable', points: isFirst ? direct : around };
}

function noteOf({ networks }: Segment): string {
  if (networks.length === 0) return 'no network on this bridge';
  if (networks.length === 1) return '';
  return `One segment: ${networks.length} networks share this broadcast domain. Between them the firewall is advisory, a guest can go around it.`;
}
