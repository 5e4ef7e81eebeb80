import { type Crossing, lanesOf, OUTSIDE, type Topology } from '../topology.ts';
import { drawCrossing } from './draw-crossing.ts';
import type { ToneOf } from './draw-network-rows.ts';
import { type Block, label, labelWidth, moved, type Point, type Shape } from './shapes.ts';

const PAD = 16;
/** No lane is narrower than this. */
export const MIN_LANE = 56;
const CHIP = { height: 24, gap: 8, pad: 10 };
/** Narrower lanes have their names in two tiers. */
const NARROW = 104;
const MOST_ROWS = 16;

/** What the firewall lets cross: a lane for each network and an arrow for each crossing, as in a sequence diagram. */
export function drawCrossings(topology: Topology, width: number, toneOf: ToneOf): Block {
  const lanes = lanesOf(topology);
  const spacing = Math.floor((width - 2 * PAD) / Math.max(1, lanes.length));
  const positions = new Map(
    lanes.map((lane, index) => [lane, PAD + Math.floor(spacing * (index + 0.5))] as const),
  );
  const look = (lane: string) => (lane === OUTSIDE ? 'tone-out' : toneOf(lane));
  const head = chips(lanes, { spacing, look });
  const shown = topology.crossings.slice(0, MOST_ROWS);
  const rows = drawRows(shown, { positions, width });
  const top = 62;
  const bottom = top + head.height + rows.height;
  const lines = lanes.map((lane, index): Shape => {
    const x = positions.get(lane) ?? 0;
    const points: Point[] = [
      { x, y: top + tierTop(index, spacing) + CHIP.height },
      { x, y: bottom },
    ];
    return { kind: 'wire', look: `lane ${look(lane)}`, points };
  });
  const rest = footer(topology.crossings.slice(MOST_ROWS), { y: bottom + 14, width: width - 2 * PAD });
  const height = bottom + PAD + (rest.length > 0 ? 10 : 0);
  return {
    width,
    height,
    shapes: [
      { kind: 'box', look: 'panel', x: 0, y: 0, width, height, radius: 12 },
      ...headings(topology, width - 2 * PAD),
      ...lines,
      ...moved(head.shapes, { x: PAD, y: top }),
      ...moved(rows.shapes, { x: 0, y: top + head.height }),
      ...rest,
    ],
  };
}

function headings({ hosts, crossings }: Topology, width: number): Shape[] {
  const where = hosts.map(({ name }) => name).join(', ');
  const note =
    crossings.length === 0
      ? 'Nothing: it routes between none of these networks.'
      : "Connections open from dots to arrowheads. Answers and the cluster's own pings pass, too; the rest is rejected.";
  return [
    label('heading', { strong: 'What crosses the firewall', text: `of ${where}` }, { x: PAD, y: 27, width }),
    label('note', note, { x: PAD, y: 46, width }),
  ];
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

function footer(hidden: readonly Crossing[], { y, width }: { y: number; width: number }): Shape[] {
  if (hidden.length === 0) return [];
  const full = hidden.flatMap(({ flows }) => flows.map(({ ports, text }) => `${ports} ${text}`)).join('; ');
  const text = `and ${hidden.length} more: the ruleset in nftables/ has them all`;
  return [label('note', { text, full }, { x: PAD, y, width })];
}
