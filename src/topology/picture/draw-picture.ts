import { lanesOf, type Topology } from '../topology.ts';
import { drawCrossings } from './draw-crossings.ts';
import { drawHost } from './draw-host.ts';
import { MIN_LANE } from './draw-sequence.ts';
import { drawWay } from './draw-way.ts';
import { type Block, label, moved, type Shape } from './shapes.ts';

/** About the width at which code hosting sites show a picture, so that texts keep their size. */
const WIDTH = 880;
const MARGIN = 20;
const GAP = 20;
/** Colours of networks; further networks begin again. */
const TONES = 6;

/** The whole picture. */
export function drawPicture(topology: Topology): Block {
  const width = Math.max(WIDTH, lanesOf(topology).length * MIN_LANE + 4 * MARGIN);
  const inner = width - 2 * MARGIN;
  const toneOf = tones(topology);
  const shapes: Shape[] = [...title(topology, inner)];
  let y = 72;
  for (const host of topology.hosts) {
    const block = drawHost(host, inner, toneOf);
    shapes.push(...moved(block.shapes, { x: MARGIN, y }));
    y += block.height + GAP;
  }
  const { way } = topology;
  const crossings = way === undefined ? drawCrossings(topology, inner, toneOf) : drawWay(way, inner);
  shapes.push(...moved(crossings.shapes, { x: MARGIN, y }));
  const height = y + crossings.height + MARGIN;
  const paper: Shape = {
    kind: 'box',
    look: 'paper',
    x: 1,
    y: 1,
    width: width - 2,
    height: height - 2,
    radius: 12,
  };
  return { width, height, shapes: [paper, ...shapes] };
}

function title({ name, facts }: Topology, width: number): Shape[] {
  return [
    label('title', name, { x: MARGIN, y: 36, width }),
    label('fact', facts.join(' · '), { x: MARGIN, y: 56, width }),
  ];
}

function tones({ hosts }: Topology): (network: string) => string {
  const networks = hosts.flatMap(({ segments }) => segments.flatMap((segment) => segment.networks));
  const looks = new Map(networks.map(({ name }, index) => [name, `tone-${index % TONES}`] as const));
  return (network) => looks.get(network) ?? 'tone-out';
}
