import { OUTSIDE, type Segment } from '../topology.ts';
import {
  type Block,
  type LabelText,
  label,
  labelWidth,
  moved,
  type Point,
  type Shape,
  type Wire,
} from './shapes.ts';

/** Where the way out of a segment enters the hypervisor. */
export interface Port {
  readonly x: number;
  /** The width that the things above it may take. */
  readonly width: number;
  readonly segment: Segment;
}

const CARD = { width: 340, pad: 14, line: 16 };
const PILL = { width: 96, height: 28 };
const CABLE = 22;
const MOST_ROUTERS = 3;

/** What is beyond the uplinks: the internet, and a card for the routers of each segment. Its cables end at its bottom. */
export function drawOutside(ports: readonly Port[], width: number): Block {
  if (ports.length === 0) return { width, height: 0, shapes: [] };
  const cards = ports.map((port) => drawRouters(port));
  const tallest = Math.max(...cards.map(({ height }) => height));
  const middle = middleOf(ports);
  const top = PILL.height + CABLE;
  const height = top + tallest + CABLE;
  const shapes: Shape[] = [];
  for (const [index, { x }] of ports.entries()) {
    const card = cards[index];
    if (card === undefined) continue;
    const y = top + tallest - card.height;
    shapes.push(cable(elbow({ x: middle, y: PILL.height }, { x, y: card.height === 0 ? height : y })));
    if (card.height === 0) continue;
    shapes.push(
      cable([
        { x, y: y + card.height },
        { x, y: height },
      ]),
    );
    shapes.push(...moved(card.shapes, { x: x - Math.floor(card.width / 2), y }));
  }
  return { width, height, shapes: [...shapes, ...moved(pill(), { x: middle - PILL.width / 2, y: 0 })] };
}

function middleOf(ports: readonly Port[]): number {
  const xs = ports.map(({ x }) => x);
  return Math.floor((Math.min(...xs) + Math.max(...xs)) / 2);
}

function cable(points: readonly Point[]): Wire {
  return { kind: 'wire', look: 'cable', points };
}

/** Down, across, and down again. */
function elbow(from: Point, to: Point): Point[] {
  const y = from.y + CABLE / 2;
  return from.x === to.x ? [from, to] : [from, { x: from.x, y }, { x: to.x, y }, to];
}

function pill(): Shape[] {
  const { width, height } = PILL;
  return [
    { kind: 'box', look: 'outside', x: 0, y: 0, width, height, radius: height / 2 },
    label('chip', OUTSIDE, { x: width / 2, y: 18, width: width - 16, anchor: 'middle' }),
  ];
}

/** The outside routers of a segment's networks, and the bridges joined to it, on one card; nothing where there are none. */
function drawRouters({ segment, width: room }: Port): Block {
  const routers = segment.networks.filter(({ router }) => router.isOutside);
  if (routers.length + segment.joined.length === 0) return { width: 0, height: 0, shapes: [] };
  const joined = segment.joined.map((bridge): LabelText => ({ text: `one LAN with ${bridge}` }));
  const lines = routers
    .slice(0, MOST_ROUTERS)
    .flatMap(({ router, name }): LabelText[] => [
      { strong: router.ip, text: `router of ${name}` },
      { text: router.returnRoute ? 'knows the way back' : 'no way back: masqueraded' },
    ]);
  const hidden = routers.slice(MOST_ROUTERS).map(({ router }) => router.ip);
  const more = hidden.length === 0 ? [] : [{ text: `and ${hidden.length} more`, full: hidden.join(', ') }];
  const all = [...lines, ...more, ...joined];
  const widest = Math.max(...all.map((line) => labelWidth('note', line)));
  const width = Math.min(room, CARD.width, widest + 2 * CARD.pad);
  const height = all.length * CARD.line + 14;
  const place = { x: CARD.pad, width: width - 2 * CARD.pad };
  const mark = routers.find(({ router }) => router.mark !== undefined)?.router.mark;
  return {
    width,
    height,
    shapes: [
      {
        kind: 'box',
        look: mark === undefined ? 'router' : `router ${mark}`,
        x: 0,
        y: 0,
        width,
        height,
        radius: 8,
      },
      ...all.map((line, index) => label('note', line, { ...place, y: 19 + index * CARD.line })),
    ],
  };
}
