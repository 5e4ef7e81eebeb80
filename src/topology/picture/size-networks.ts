import type { NetworkBox, Segment } from '../topology.ts';
import { allotColumns, MIN_CARD } from './allot-columns.ts';
import { NETWORK_PAD, type NetworkSize } from './draw-network.ts';
import { spanWidth } from './shelve-groups.ts';

export const SEGMENT_PAD = 14;
export const SEGMENT_GAP = 16;
export const NETWORK_GAP = 12;

export interface SizedNetwork extends NetworkSize {
  /** Undefined in the place of the networks that an empty segment has not. */
  readonly network: NetworkBox | undefined;
}

/** The networks of segments that stand in a row of this width, with their widths: together they fill it. */
export function sizeNetworks(segments: readonly (readonly NetworkBox[])[], width: number): SizedNetwork[][] {
  const rows = segments.map((networks) => (networks.length === 0 ? [undefined] : networks));
  const boxes = rows.flat();
  const between = rows.length * 2 * SEGMENT_PAD + (rows.length - 1) * SEGMENT_GAP;
  const inner = width - between - (boxes.length - rows.length) * NETWORK_GAP;
  const { columns, cardWidth } = allotColumns(boxes, inner - boxes.length * 2 * NETWORK_PAD);
  const natural = columns.map((count) => spanWidth({ columns: count, cardWidth }) + 2 * NETWORK_PAD);
  const spare = inner - natural.reduce((sum, box) => sum + box, 0);
  const share = Math.floor(spare / boxes.length);
  let index = 0;
  return rows.map((row) =>
    row.map((network) => {
      const box = (natural[index] ?? 0) + share + (index === boxes.length - 1 ? spare % boxes.length : 0);
      const grid = { columns: columns[index] ?? 1, cardWidth };
      index += 1;
      return { network, grid, width: box };
    }),
  );
}

const MIN_NETWORK = MIN_CARD + 2 * NETWORK_PAD;

/** How many networks can stand beside each other in one segment of this width. */
export function mostNetworks(width: number): number {
  return Math.floor((width - 2 * SEGMENT_PAD + NETWORK_GAP) / (MIN_NETWORK + NETWORK_GAP));
}

/** The least width of a segment. */
export function minWidth({ networks }: Segment): number {
  const count = Math.max(1, networks.length);
  return 2 * SEGMENT_PAD + count * MIN_NETWORK + (count - 1) * NETWORK_GAP;
}
