import { leadsOutside, type NetworkBox, type Segment } from '../topology.ts';
import { drawNetworkRows, type NetworkRow, type ToneOf } from './draw-network-rows.ts';
import type { Port } from './draw-outside.ts';
import { drawSegment } from './draw-segment.ts';
import { lowest, rowChoices } from './row-choices.ts';
import { type Block, moved, type Shape } from './shapes.ts';
import { minWidth, mostNetworks, SEGMENT_GAP, sizeNetworks } from './size-networks.ts';

/** Segments in rows, and where those of the first row lead outside. */
export interface SegmentRows extends Block {
  readonly ports: readonly Port[];
}

/** The segments in the lowest of several arrangements; those that lead outside are above and to the right. */
export function drawSegmentRows(segments: readonly Segment[], width: number, toneOf: ToneOf): SegmentRows {
  const inner = segments.filter((segment) => !leadsOutside(segment));
  const choices = rowChoices(inner, segments.filter(leadsOutside), {
    fits: (row) => row.reduce((sum, segment) => sum + minWidth(segment) + SEGMENT_GAP, -SEGMENT_GAP) <= width,
    weigh: ({ networks }) => Math.max(0, ...networks.map(countNodes)),
  });
  return lowest(choices.map((rows) => drawRows(rows, width, toneOf)));
}

function countNodes({ groups }: NetworkBox): number {
  return groups.reduce((sum, { nodes }) => sum + nodes.length, 0);
}

function drawRows(rows: readonly (readonly Segment[])[], width: number, toneOf: ToneOf) {
  const shapes: Shape[] = [];
  let ports: readonly Port[] = [];
  let y = 0;
  for (const [index, row] of rows.entries()) {
    const blocks = drawRow(row, { width, isFirst: index === 0, toneOf });
    const placed = placeRow(row, blocks, y);
    shapes.push(...placed.shapes);
    if (index === 0) ports = placed.ports;
    y += placed.height + SEGMENT_GAP;
  }
  return { width, height: Math.max(0, y - SEGMENT_GAP), shapes, ports, rows: rows.length };
}

interface RowOptions {
  readonly width: number;
  readonly isFirst: boolean;
  readonly toneOf: ToneOf;
}

/** The segments of a row; one that stands alone may have its networks in several rows. */
function drawRow(row: readonly Segment[], { width, isFirst, toneOf }: RowOptions): Block[] {
  const [only, second] = row;
  if (only !== undefined && second === undefined) {
    return [drawSegment(only, { rows: networkRows(only, width, toneOf), isCabled: isFirst })];
  }
  const sized = sizeNetworks(
    row.map(({ networks }) => networks),
    width,
  );
  const rows = drawNetworkRows(sized, toneOf);
  return row.map((segment, index) =>
    drawSegment(segment, { rows: rows.slice(index, index + 1), isCabled: isFirst }),
  );
}

function networkRows({ networks }: Segment, width: number, toneOf: ToneOf): NetworkRow[] {
  if (networks.length === 0) return drawNetworkRows(sizeNetworks([[]], width), toneOf);
  const most = mostNetworks(width);
  const choices = rowChoices(networks, [], { fits: (row) => row.length <= most, weigh: countNodes });
  const drawings = choices.map((rows) => {
    const drawn = rows.flatMap((row) => drawNetworkRows(sizeNetworks([row], width), toneOf));
    return { drawn, rows: rows.length, height: drawn.reduce((sum, { height }) => sum + height, 0) };
  });
  return lowest(drawings).drawn;
}

/** Frames of one height around the segments, and the ports of those that lead outside. */
function placeRow(row: readonly Segment[], blocks: readonly Block[], y: number) {
  const height = Math.max(...blocks.map((block) => block.height));
  const shapes: Shape[] = [];
  const ports: Port[] = [];
  let x = 0;
  for (const [index, segment] of row.entries()) {
    const { width = 0, shapes: inside = [] } = blocks[index] ?? {};
    shapes.push({ kind: 'box', look: 'segment', x, y, width, height, radius: 10 });
    shapes.push(...moved(inside, { x, y }));
    if (leadsOutside(segment)) ports.push({ x: x + Math.floor(width / 2), width, segment });
    x += width + SEGMENT_GAP;
  }
  return { height, shapes, ports };
}
