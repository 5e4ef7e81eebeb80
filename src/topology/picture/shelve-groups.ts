import type { NodeCard, NodeGroup } from '../topology.ts';
import { badgeHeight } from './draw-badge.ts';
import { cardHeight, stackHeight } from './draw-card.ts';

/** The columns of cards in a network. */
export interface Grid {
  readonly columns: number;
  readonly cardWidth: number;
}

/** Where a group stands in its network. */
export interface Shelved {
  readonly group: NodeGroup;
  readonly x: number;
  readonly y: number;
}

export const CARD_GAP = 8;
const SHELF_GAP = 12;
/** The room for a group's roles above its cards. */
export const ROLES = 18;
/** How far the frame of a VIP stands out around its members. */
export const FRAME = 6;
/** More nodes of one kind than this are drawn as a stack. */
const MOST_CARDS = 24;

/** The width of so many columns. */
export function spanWidth({ columns, cardWidth }: Grid): number {
  return columns * cardWidth + Math.max(0, columns - 1) * CARD_GAP;
}

/** The groups beside each other as far as they fit; one with a VIP stands alone. */
export function shelveGroups(
  groups: readonly NodeGroup[],
  grid: Grid,
): { height: number; shelved: Shelved[] } {
  const shelved: Shelved[] = [];
  let shelf = { y: 0, bottom: 0, used: 0 };
  for (const group of groups) {
    const isAlone = group.vips.length > 0;
    const span = isAlone ? grid.columns : gridOf(group, grid).columns;
    if (shelf.used > 0 && shelf.used + span > grid.columns) {
      shelf = { y: shelf.bottom + SHELF_GAP, bottom: 0, used: 0 };
    }
    shelved.push({ group, x: shelf.used * (grid.cardWidth + CARD_GAP), y: shelf.y });
    const bottom = Math.max(shelf.bottom, shelf.y + groupHeight(group, grid));
    shelf = { y: shelf.y, bottom, used: shelf.used + span };
  }
  return { height: shelf.bottom, shelved };
}

/** The columns that a group's cards take of its network's. */
export function gridOf({ nodes }: NodeGroup, { columns, cardWidth }: Grid): Grid {
  return { columns: Math.min(isStack(nodes) ? 2 : nodes.length, columns), cardWidth };
}

/** Whether so many nodes are drawn as a stack. */
export function isStack(nodes: readonly NodeCard[]): boolean {
  return nodes.length > MOST_CARDS;
}

function groupHeight(group: NodeGroup, grid: Grid): number {
  const own = gridOf(group, grid);
  const width = spanWidth(own);
  const badges = group.vips.reduce((sum, vip) => sum + badgeHeight(vip, width) + CARD_GAP, 0);
  const frame = group.vips.length > 0 ? 2 * FRAME : 0;
  const cards = isStack(group.nodes) ? stackHeight(group.nodes, width) : cardsHeight(group.nodes, own);
  return frame + badges + ROLES + cards;
}

function cardsHeight(nodes: readonly NodeCard[], { columns }: Grid): number {
  return Math.ceil(nodes.length / columns) * (cardHeight(nodes) + CARD_GAP) - CARD_GAP;
}

/** The height of a network's groups in a grid. */
export function groupsHeight(groups: readonly NodeGroup[], grid: Grid): number {
  return shelveGroups(groups, grid).height;
}
