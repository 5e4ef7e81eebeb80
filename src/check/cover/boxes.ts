import { common, type Spans, without } from './spans.ts';

/** The packets of one source set to one target set at one set of ports. */
export interface Box {
  readonly from: Spans;
  readonly to: Spans;
  readonly ports: Spans;
}

const SIDES = ['from', 'to', 'ports'] as const;

/** Whether the boxes together hold every packet of a box that has some. */
export function areHeld(box: Box, by: readonly Box[]): boolean {
  let left = [box];
  for (const holder of by) {
    left = left.flatMap((part) => remainder(part, holder));
    if (left.length === 0) return true;
  }
  return false;
}

/** Whether there is a packet in it. */
export function isFull(box: Box): boolean {
  return SIDES.every((side) => box[side].length > 0);
}

/** Whether some packet is in both. */
export function meet(one: Box, other: Box): boolean {
  return SIDES.every((side) => common(one[side], other[side]).length > 0);
}

/** What one box has and the other has not, as boxes that share nothing: on each side what is beyond, of the rest the next side. */
function remainder(box: Box, taken: Box): Box[] {
  if (!meet(box, taken)) return [box];
  const parts: Box[] = [];
  let rest = box;
  for (const side of SIDES) {
    const beyond = without(rest[side], taken[side]);
    if (beyond.length > 0) parts.push({ ...rest, [side]: beyond });
    rest = { ...rest, [side]: common(rest[side], taken[side]) };
  }
  return parts;
}
