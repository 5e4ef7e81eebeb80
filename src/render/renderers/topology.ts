import { buildTopology } from '../../topology/build-topology.ts';
import { describeTopology } from '../../topology/describe-topology.ts';
import { drawPicture } from '../../topology/picture/draw-picture.ts';
import type { Point, Shape } from '../../topology/picture/shapes.ts';
import { TEXT_LOOKS } from '../../topology/picture/text-looks.ts';
import { defineRenderer } from '../renderer.ts';

/** The sizes of a picture's texts, for its style. */
export const looks = Object.entries(TEXT_LOOKS).map(([look, { size, isBold }]) => ({ look, size, isBold }));

export const topology = defineRenderer({
  id: 'topology',
  template: 'topology.svg.njk',
  *jobs(cluster) {
    const seen = buildTopology(cluster);
    const { width, height, shapes } = drawPicture(seen);
    yield {
      view: { ...describeTopology(seen), width, height, looks, shapes: shapes.map(shapeView) },
    };
  },
});

/** A shape as the template prints it: every kind has the same members, a list of points is one text. */
function shapeView(shape: Shape) {
  const points = 'points' in shape ? shape.points.map(pointText).join(' ') : '';
  return { ...shape, points };
}

function pointText({ x, y }: Point): string {
  return `${x},${y}`;
}
