import { buildTopology } from '../../topology/build-topology.ts';
import { describeTopology } from '../../topology/describe-topology.ts';
import { drawPicture } from '../../topology/picture/draw-picture.ts';
import type { Point, Shape } from '../../topology/picture/shapes.ts';
import { TEXT_LOOKS } from '../../topology/picture/text-looks.ts';
import { type Way, withWay } from '../../topology/way.ts';
import { defineRenderer, type Renderer } from '../renderer.ts';

/** The sizes of a picture's texts, for its style. */
export const looks = Object.entries(TEXT_LOOKS).map(([look, { size, isBold }]) => ({ look, size, isBold }));

export const topology = topologyWith();

/** The picture, or the same with the way of one connection on it. */
export function topologyWith(way?: Way): Renderer {
  return defineRenderer({
    id: 'topology',
    template: 'topology.svg.njk',
    *jobs(cluster) {
      const plain = buildTopology(cluster);
      const seen = way === undefined ? plain : withWay(plain, way);
      const { width, height, shapes } = drawPicture(seen);
      const drawn = { width, height, looks, shapes: shapes.map(shapeView), hasWay: way !== undefined };
      yield { view: { ...describeTopology(seen), ...drawn } };
    },
  });
}

/** A shape as the template prints it: every kind has the same members, a list of points is one text. */
function shapeView(shape: Shape) {
  const points = 'points' in shape ? shape.points.map(pointText).join(' ') : '';
  return { ...shape, points };
}

function pointText({ x, y }: Point): string {
  return `${x},${y}`;
}
