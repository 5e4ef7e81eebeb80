import type { Mark, NodeCard } from '../topology.ts';
import { wrap } from './fit-text.ts';
import { type Block, type Box, label } from './shapes.ts';
import { TEXT_LOOKS } from './text-looks.ts';

/** Between a card's border and its text. */
export const CARD_PAD = 10;
const LINE = 16;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The height of cards that stand together: with room for services where one of the nodes has any. */
export function cardHeight(nodes: readonly NodeCard[]): number {
  return nodes.some(({ provides }) => provides.length > 0) ? 62 : 46;
}

/** A node with its address and the services that it gives to the others. */
export function drawCard({ name, ip, provides, mark }: NodeCard, size: Size): Block {
  const place = { x: CARD_PAD, width: size.width - 2 * CARD_PAD };
  const services = provides.length === 0 ? [] : [label('note', provides.join(', '), { ...place, y: 51 })];
  return {
    ...size,
    shapes: [
      card({ x: 0, y: 0 }, size, mark),
      label('name', name, { ...place, y: 19 }),
      label('address', ip, { ...place, y: 35 }),
      ...services,
    ],
  };
}

/** Cards of a stack: each stands out by so much from under the next. */
const STEP = 4;

/** How high a stack of some width is. */
export function stackHeight(nodes: readonly NodeCard[], width: number): number {
  return 30 + endsOf(nodes, width).length * LINE + 2 * STEP;
}

/** The names and addresses of the first and the last. */
function endsOf(nodes: readonly NodeCard[], width: number): string[] {
  const [first, last] = [nodes.at(0), nodes.at(-1)];
  return [`${first?.name} … ${last?.name}`, `${first?.ip} … ${last?.ip}`].flatMap((line) =>
    wrap(line, TEXT_LOOKS.address, { width: width - 2 * STEP - 2 * CARD_PAD, lines: 2 }),
  );
}

/** Many nodes as one card on top of others. The names that it does not show are in its title. */
export function drawStack(nodes: readonly NodeCard[], width: number): Block {
  const place = { x: CARD_PAD, width: width - 2 * STEP - 2 * CARD_PAD };
  const height = stackHeight(nodes, width);
  const size = { width: width - 2 * STEP, height: height - 2 * STEP };
  const full = nodes.map(({ name, ip }) => `${name} ${ip}`).join(', ');
  return {
    width,
    height,
    shapes: [
      { ...card({ x: 2 * STEP, y: 0 }, size), look: 'card back' },
      { ...card({ x: STEP, y: STEP }, size), look: 'card back' },
      card({ x: 0, y: 2 * STEP }, size, nodes.find(({ mark }) => mark !== undefined)?.mark),
      label('name', { text: `${nodes.length} nodes`, full }, { ...place, y: 27 }),
      ...endsOf(nodes, width).map((line, index) =>
        label('address', line, { ...place, y: 27 + (index + 1) * LINE }),
      ),
    ],
  };
}

function card({ x, y }: { x: number; y: number }, { width, height }: Size, mark?: Mark): Box {
  const look = mark === undefined ? 'card' : `card ${mark}`;
  return { kind: 'box', look, x, y, width, height, radius: 6 };
}
