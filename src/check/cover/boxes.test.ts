import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areHeld, type Box } from './boxes.ts';
import { type Span, type Spans, spansOf } from './spans.ts';

const enough = () => ({ left: 1_000_000 });

const ADDRESSES = 7;
const PORTS = 6;

const spansTo = (last: number): fc.Arbitrary<Spans> =>
  fc
    .array(fc.tuple(fc.integer({ min: 0, max: last }), fc.integer({ min: 0, max: 5 })), {
      minLength: 1,
      maxLength: 3,
    })
    .map((pairs) => spansOf(pairs.map(([first, more]): Span => [first, Math.min(first + more, last)])));

const box: fc.Arbitrary<Box> = fc.record({
  from: spansTo(ADDRESSES),
  to: spansTo(ADDRESSES),
  ports: spansTo(PORTS),
});

const isIn = (spans: Spans, value: number) => spans.some(([first, last]) => value >= first && value <= last);

/** Every packet that there can be, one after the other. */
function* packets() {
  for (let from = 0; from <= ADDRESSES; from += 1)
    for (let to = 0; to <= ADDRESSES; to += 1)
      for (let port = 0; port <= PORTS; port += 1) yield { from, to, port };
}

function heldPacketByPacket(inner: Box, by: readonly Box[]): boolean {
  const holds = ({ from, to, ports }: Box, packet: { from: number; to: number; port: number }) =>
    isIn(from, packet.from) && isIn(to, packet.to) && isIn(ports, packet.port);
  for (const packet of packets())
    if (holds(inner, packet) && !by.some((other) => holds(other, packet))) return false;
  return true;
}

describe('boxes that hold another one', () => {
  it('are those that hold each of its packets, tried one by one in 5,000 lists', () => {
    const seen = { held: 0, byOne: 0 };
    fc.assert(
      fc.property(box, fc.array(box, { maxLength: 20 }), (inner, by) => {
        const held = heldPacketByPacket(inner, by);
        expect(areHeld(inner, by, enough())).toBe(held);
        if (held) seen.held += 1;
        if (by.some((one) => heldPacketByPacket(inner, [one]))) seen.byOne += 1;
      }),
      { numRuns: 5000, seed: 4 },
    );
    expect(seen.byOne).toBeGreaterThan(100);
    // Several boxes together, and none of them alone.
    expect(seen.held - seen.byOne).toBeGreaterThan(100);
  });

  it('can do it together where none does it alone', () => {
    const inner: Box = { from: [[0, 9]], to: [[5, 5]], ports: [[1, 100]] };
    const low: Box = { from: [[0, 4]], to: [[0, 9]], ports: [[1, 100]] };
    const high: Box = { from: [[5, 9]], to: [[5, 5]], ports: [[1, 50]] };
    const rest: Box = { from: [[3, 12]], to: [[4, 6]], ports: [[51, 200]] };
    expect(areHeld(inner, [low, high], enough())).toBe(false);
    expect(areHeld(inner, [low, high, rest], enough())).toBe(true);
    expect(areHeld(inner, [low, high, rest], { left: 5 })).toBe(false);
  });
});
