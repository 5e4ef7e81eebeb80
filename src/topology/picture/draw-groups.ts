import type { NodeCard, NodeGroup } from '../topology.ts';
import { badgeHeight, drawBadge } from './draw-badge.ts';
import { cardHeight, drawCard, drawStack } from './draw-card.ts';
import { type Block, label, moved, type Shape } from './shapes.ts';
import {
  CARD_GAP,
  FRAME,
  type Grid,
  gridOf,
  isStack,
  ROLES,
  shelveGroups,
  spanWidth,
} from './shelve-groups.ts';

/** The groups of a network's nodes. */
export function drawGroups(groups: readonly NodeGroup[], grid: Grid): Block {
  const { height, shelved } = shelveGroups(groups, grid);
  const shapes = shelved.flatMap(({ group, x, y }) => moved(drawGroup(group, gridOf(group, grid)), { x, y }));
  return { width: spanWidth(grid), height, shapes };
}

/** The roles and under them the cards, or one stack; where the nodes hold VIPs, under these and in a frame. */
function drawGroup(group: NodeGroup, grid: Grid): Shape[] {
  const width = spanWidth(grid);
  const badges: Shape[] = [];
  let y = group.vips.length > 0 ? FRAME : 0;
  for (const vip of group.vips) {
    badges.push(...moved(drawBadge(vip, width).shapes, { x: 0, y }));
    y += badgeHeight(vip, width) + CARD_GAP;
  }
  const cards = drawCards(group.nodes, grid);
  const height = y + ROLES + cards.height + FRAME;
  return [
    ...(badges.length > 0 ? [frame(width, height)] : []),
    ...badges,
    label('role', group.roles, { x: 1, y: y + 10, width: width - 1 }),
    ...moved(cards.shapes, { x: 0, y: y + ROLES }),
  ];
}

function frame(width: number, height: number): Shape {
  return { kind: 'box', look: 'frame', x: -FRAME, y: 0, width: width + 2 * FRAME, height, radius: 10 };
}

function drawCards(nodes: readonly NodeCard[], grid: Grid): Block {
  const width = spanWidth(grid);
  if (isStack(nodes)) return drawStack(nodes, width);
  const height = cardHeight(nodes);
  const shapes = nodes.flatMap((node, index) =>
    moved(drawCard(node, { width: grid.cardWidth, height }).shapes, {
      x: (index % grid.columns) * (grid.cardWidth + CARD_GAP),
      y: Math.floor(index / grid.columns) * (height + CARD_GAP),
    }),
  );
  const rows = Math.ceil(nodes.length / grid.columns);
  return { width, height: rows * (height + CARD_GAP) - CARD_GAP, shapes };
}
