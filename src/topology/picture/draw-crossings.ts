import { type Crossing, lanesOf, OUTSIDE, type Topology } from '../topology.ts';
import type { ToneOf } from './draw-network-rows.ts';
import { drawSequence } from './draw-sequence.ts';
import type { Block } from './shapes.ts';

const MOST_ROWS = 16;

/** What the firewall lets cross: a lane for each network and an arrow for each crossing. */
export function drawCrossings(topology: Topology, width: number, toneOf: ToneOf): Block {
  const { hosts, crossings } = topology;
  const sequence = {
    title: { strong: 'What crosses the firewall', text: `of ${hosts.map(({ name }) => name).join(', ')}` },
    note:
      crossings.length === 0
        ? 'Nothing: it routes between none of these networks.'
        : "Connections open from dots to arrowheads. Answers and the cluster's own pings pass, too; the rest is rejected.",
    lanes: lanesOf(topology),
    rows: crossings.slice(0, MOST_ROWS),
    footer: footer(crossings.slice(MOST_ROWS)),
    look: (lane: string) => (lane === OUTSIDE ? 'tone-out' : toneOf(lane)),
  };
  return drawSequence(sequence, width);
}

function footer(hidden: readonly Crossing[]) {
  if (hidden.length === 0) return undefined;
  const full = hidden.flatMap(({ flows }) => flows.map(({ ports, text }) => `${ports} ${text}`)).join('; ');
  return { text: `and ${hidden.length} more: the ruleset in nftables/ has them all`, full };
}
