import type { Host } from '../topology.ts';
import type { ToneOf } from './draw-network-rows.ts';
import { drawOutside, type Port } from './draw-outside.ts';
import { drawSegmentRows } from './draw-segment-rows.ts';
import { factLabel } from './fact-label.ts';
import { type Block, label, labelWidth, moved, type Shape } from './shapes.ts';
import { SEGMENT_PAD } from './size-networks.ts';

const PAD = 16;
/** The room for the name, through which the cables go. */
const STRIP = 46;
const NIC = 20;
/** How far the name keeps from cables. */
const CLEARANCE = 24;

/** A hypervisor with its segments, and above it what its uplinks lead to. */
export function drawHost(host: Host, width: number, toneOf: ToneOf): Block {
  const segments = drawSegmentRows(host.segments, width - 2 * PAD, toneOf);
  const ports = segments.ports.map((port) => ({ ...port, x: port.x + PAD }));
  const height = STRIP + segments.height + PAD;
  const outside = drawOutside(ports, width);
  const top = outside.height === 0 ? 0 : outside.height + NIC / 2;
  const inside: Shape[] = [
    { kind: 'box', look: 'panel', x: 0, y: 0, width, height, radius: 12 },
    ...moved(segments.shapes, { x: PAD, y: STRIP }),
    ...ports.flatMap(drawUplink),
    heading(host, ports, width),
  ];
  return { width, height: top + height, shapes: [...outside.shapes, ...moved(inside, { x: 0, y: top })] };
}

/** The uplink on the hypervisor's edge, and the cable from there to the bridge. */
function drawUplink({ x, segment, width: room }: Port): Shape[] {
  const cable = (from: number): Shape => ({
    kind: 'wire',
    look: 'cable',
    points: [
      { x, y: from },
      { x, y: STRIP + SEGMENT_PAD },
    ],
  });
  if (segment.uplink === undefined) return [cable(-NIC / 2)];
  const width = Math.min(room, labelWidth('chip', { text: segment.uplink }) + 20);
  const left = x - Math.floor(width / 2);
  return [
    cable(NIC / 2),
    { kind: 'box', look: 'nic', x: left, y: -NIC / 2, width, height: NIC, radius: 4 },
    label('chip', segment.uplink, { x, y: 4, width: width - 12, anchor: 'middle' }),
  ];
}

/** The hypervisor's name beside the cables: in the first room that takes all of it, else in the widest. */
function heading({ name, facts }: Host, ports: readonly Port[], width: number): Shape {
  const edges = [PAD - CLEARANCE, ...ports.map(({ x }) => x), width - PAD + CLEARANCE];
  const rooms = edges.slice(1).map((right, index) => {
    const x = (edges[index] ?? 0) + CLEARANCE;
    return { x, width: right - CLEARANCE - x };
  });
  const needed = labelWidth('heading', { strong: name, text: facts.join(', ') });
  const widest = rooms.reduce((best, room) => (room.width > best.width ? room : best));
  const room = rooms.find((candidate) => candidate.width >= needed) ?? widest;
  return factLabel('heading', { name, facts }, { ...room, y: 29 });
}
