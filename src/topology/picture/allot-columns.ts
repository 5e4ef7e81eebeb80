import type { NetworkBox } from '../topology.ts';
import { CARD_PAD } from './draw-card.ts';
import { CARD_GAP, groupsHeight } from './shelve-groups.ts';
import { TEXT_LOOKS } from './text-looks.ts';
import { textWidth } from './text-width.ts';

/** No card is narrower or wider than this; from the middle on there is room to spare. */
export const MIN_CARD = 120;
const AMPLE_CARD = 150;
const MAX_CARD = 220;

export interface Allotment {
  /** Of each network. */
  readonly columns: readonly number[];
  /** The same in all. */
  readonly cardWidth: number;
}

/**
 * Shares the room for cards between networks that stand in a row: the tallest is made as low as it can be, then the
 * others as far as the cards keep an ample width.
 */
export function allotColumns(networks: readonly (NetworkBox | undefined)[], room: number): Allotment {
  let columns = networks.map(() => 1);
  for (;;) {
    const wider = widen(networks, columns, room);
    if (wider === undefined) return { columns, cardWidth: Math.min(MAX_CARD, cardWidth(columns, room)) };
    columns = wider;
  }
}

/** As many columns more as make the tallest network lower, or else the next that there is room for. */
function widen(networks: readonly (NetworkBox | undefined)[], columns: readonly number[], room: number) {
  const heights = networks.map((network, index) => gridHeight(network, columns[index] ?? 1));
  const byHeight = networks
    .map((_network, index) => index)
    .sort((a, b) => heightOf(b) - heightOf(a) || a - b);
  function heightOf(index: number): number {
    return heights[index] ?? 0;
  }
  for (const index of byHeight) {
    const least = heightOf(index) === Math.max(...heights) ? cardOf(networks) : AMPLE_CARD;
    for (let more = 1; ; more += 1) {
      const wider = columns.map((count, other) => (other === index ? count + more : count));
      if (cardWidth(wider, room) < least) break;
      if (gridHeight(networks[index], wider[index] ?? 1) < heightOf(index)) return wider;
    }
  }
  return undefined;
}

/** How wide a card is at least for the names on it, where that is no more than ample. */
function cardOf(networks: readonly (NetworkBox | undefined)[]): number {
  const cards = networks.flatMap((network) => network?.groups.flatMap(({ nodes }) => nodes) ?? []);
  const widths = cards.map(({ name }) => textWidth(name, TEXT_LOOKS.name) + 2 * CARD_PAD);
  return Math.min(AMPLE_CARD, Math.max(MIN_CARD, ...widths));
}

function gridHeight(network: NetworkBox | undefined, columns: number): number {
  return groupsHeight(network?.groups ?? [], { columns, cardWidth: MIN_CARD });
}

function cardWidth(columns: readonly number[], room: number): number {
  const total = columns.reduce((sum, count) => sum + count, 0);
  return Math.floor((room - (total - columns.length) * CARD_GAP) / total);
}
