import { common, overlap, type Spans, without } from './spans.ts';

/** The packets of one source set to one target set at one set of ports. */
export interface Box {
  readonly from: Spans;
  readonly to: Spans;
  readonly ports: Spans;
}

/** Ports first: they have the fewest spans. */
const SIDES = ['ports', 'from', 'to'] as const;

/** Parts of a box beyond which nobody could follow why it is held: it counts as one that is not. */
const MOST_PARTS = 60;

/** About a tenth of a second. Who has that many flows between roles of hundreds of nodes is told of the last ones only. */
export const MOST_EFFORT = 4_000_000;

/** How many spans may be looked at. What is not decided until then counts as not held. */
export interface Effort {
  left: number;
}

/** Whether the boxes together hold every packet of a box that has some. */
export function areHeld(box: Box, by: readonly Box[], effort: Effort): boolean {
  // Mostly one of a few packets shows that they do not, which is quicker than taking the box apart.
  if (!samplesOf(box).every((packet) => by.some((holder) => isHeld(packet, holder)))) return false;
  let left = [box];
  for (const holder of by) {
    for (const part of left) spend(effort, part, holder);
    if (effort.left < 0) return false;
    left = left.flatMap((part) => remainder(part, holder));
    if (left.length === 0) return true;
    if (left.length > MOST_PARTS) return false;
  }
  return false;
}

/** Whether there is a packet in it. */
export function isFull(box: Box): boolean {
  return SIDES.every((side) => box[side].length > 0);
}

/** Whether some packet is in both, as far as is known. */
export function meet(one: Box, other: Box, effort: Effort): boolean {
  spend(effort, one, other);
  return effort.left >= 0 && haveCommon(one, other);
}

function haveCommon(one: Box, other: Box): boolean {
  return SIDES.every((side) => overlap(one[side], other[side]));
}

function spend(effort: Effort, ...boxes: readonly Box[]): void {
  for (const box of boxes) for (const side of SIDES) effort.left -= box[side].length;
}

/** Some packets of a box: at the ends of its sets, and in the middle. */
function samplesOf({ from, to, ports }: Box): Packet[] {
  const some = (spans: Spans) =>
    new Set(
      [spans[0]?.[0], spans[Math.floor(spans.length / 2)]?.[0], spans.at(-1)?.[1]].filter(
        (one) => one !== undefined,
      ),
    );
  return [...some(from)].flatMap((source) =>
    [...some(to)].flatMap((target) =>
      [...some(ports)].map((port) => ({ from: source, to: target, ports: port })),
    ),
  );
}

type Packet = Readonly<Record<(typeof SIDES)[number], number>>;

function isHeld(packet: Packet, box: Box): boolean {
  return SIDES.every((side) =>
    box[side].some(([first, last]) => first <= packet[side] && packet[side] <= last),
  );
}

/** What one box has and the other has not, as boxes that share nothing: on each side what is beyond, of the rest the next side. */
function remainder(box: Box, taken: Box): Box[] {
  if (!haveCommon(box, taken)) return [box];
  const parts: Box[] = [];
  let rest = box;
  for (const side of SIDES) {
    const beyond = without(rest[side], taken[side]);
    if (beyond.length > 0) parts.push({ ...rest, [side]: beyond });
    rest = { ...rest, [side]: common(rest[side], taken[side]) };
  }
  return parts;
}
