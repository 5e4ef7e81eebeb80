import type { Answer, Hop, Leg, Question } from './reach.ts';

/** The way of a connection as text, a line for each machine. */
export function describeReach({ from, to, protocol, port }: Question, { question, answer }: Answer): string {
  const what = protocol === 'icmp' ? 'ping' : `${protocol} ${port}`;
  const isThere = question.stop === undefined && answer !== undefined && answer.stop === undefined;
  const hops = [...question.hops, ...(answer?.hops ?? [])];
  const width = Math.max(...hops.map(({ machine }) => machine.name.length), 4);
  const legs = [
    describeLeg(question, width),
    ...(answer === undefined ? [] : ['back', describeLeg(answer, width)]),
  ];
  return `${from.name} to ${to}, ${what}: ${isThere ? 'delivered' : 'not delivered'}\n${legs.join('\n')}\n`;
}

function describeLeg({ hops, stop }: Leg, width: number): string {
  const lines = hops.map((hop) => `  ${hop.machine.name.padEnd(width)}  ${describeHop(hop)}`);
  return [...lines, ...(stop === undefined ? [] : [`  ${'stop'.padEnd(width)}  ${stop.message}`])].join('\n');
}

function describeHop({ saddr, daddr, card, via, passedBy }: Hop): string {
  const ends = `${saddr} > ${daddr}`;
  if (card === undefined) return ends;
  const next = via === undefined ? '' : ` by ${via}`;
  const why = passedBy === undefined || passedBy === '' ? '' : `   (${passedBy})`;
  return `${ends}  on ${card.network.name}${next}${why}`;
}
