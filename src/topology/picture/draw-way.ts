import type { Way } from '../way.ts';
import { drawSequence } from './draw-sequence.ts';
import type { Block } from './shapes.ts';

/** The way of a connection: a lane for each machine, an arrow for each network between two of them, and what stops it. */
export function drawWay({ title, lanes, steps, stop }: Way, width: number): Block {
  const sequence = {
    title: { strong: 'The way', text: title },
    note: stop === undefined ? 'There and back; the machines and bridges on it are framed above.' : stop.text,
    lanes,
    rows: steps.map(({ from, to, text }, index) => ({
      ...{ from: [from], to: [to], isMutual: false },
      flows: [{ ports: `${index + 1}`, text }],
    })),
    footer: undefined,
    look: (lane: string) => (lane === stop?.at ? 'tone-out stop' : 'tone-out'),
  };
  return drawSequence(sequence, width);
}
