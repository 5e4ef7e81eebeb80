import { drawNetwork, headerHeight } from './draw-network.ts';
import { type Block, moved, type Shape } from './shapes.ts';
import { NETWORK_GAP, type SizedNetwork } from './size-networks.ts';

/** Networks beside each other, and where their ports on the bridge are. */
export interface NetworkRow extends Block {
  readonly ports: readonly number[];
}

/** The look that gives a network its colour. */
export type ToneOf = (network: string) => string;

/** The networks of each segment of a row: all boxes have one height, and all cards begin at one height. */
export function drawNetworkRows(
  segments: readonly (readonly SizedNetwork[])[],
  toneOf: ToneOf,
): NetworkRow[] {
  const sized = segments.flat();
  const header = Math.max(0, ...sized.map((size) => (size.network ? headerHeight(size.network, size) : 0)));
  const draw = (size: SizedNetwork): Block => {
    if (size.network === undefined) return { width: size.width, height: 0, shapes: [] };
    return drawNetwork(size.network, size, { header, tone: toneOf(size.network.name) });
  };
  const blocks = new Map(sized.map((size) => [size, draw(size)]));
  const height = Math.max(...[...blocks.values()].map((block) => block.height));
  return segments.map((row) => {
    const shapes: Shape[] = [];
    const ports: number[] = [];
    let x = 0;
    for (const size of row) {
      if (size.network !== undefined) {
        const look = `net ${toneOf(size.network.name)}`;
        shapes.push({ kind: 'box', look, x, y: 0, width: size.width, height, radius: 8 });
        shapes.push(...moved(blocks.get(size)?.shapes ?? [], { x, y: 0 }));
        ports.push(x + Math.floor(size.width / 2));
      }
      x += size.width + NETWORK_GAP;
    }
    return { width: x - NETWORK_GAP, height: ports.length === 0 ? 0 : height, shapes, ports };
  });
}
