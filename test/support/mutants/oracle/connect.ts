import type { Ipv4 } from '../../../../src/net/ipv4.ts';
import { type Machine, owns } from './machine.ts';
import { type Sent, sourceFor, travel } from './travel.ts';
import type { World } from './world.ts';

export interface Attempt {
  readonly from: Machine;
  readonly to: Ipv4;
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  readonly port: number;
}

const EPHEMERAL = 40_000;

/** Why a connection does not come about: the question, its answer, and for TCP that each firewall sees both. */
export function whyNot(world: World, { from, to, protocol, port }: Attempt): string | undefined {
  if (owns(from, to)) return undefined;
  const saddr = sourceFor(from, to);
  if (saddr === undefined) return `${from.name} has no route to ${to}`;
  const question: Sent = { saddr, daddr: to, protocol, port, stateAt: () => 'new' };
  const asked = travel(world, from, question);
  if (asked.at === undefined) return asked.lost;
  const { through, masked } = asked;
  // What passed a host is known to it; what did not is no answer to anything there.
  const stateAt = (host: Machine) =>
    through.has(host) || host === asked.at || host === from
      ? 'established'
      : protocol === 'udp'
        ? 'new'
        : 'invalid';
  const answer: Sent = { saddr: to, daddr: masked?.as ?? saddr, protocol, port: EPHEMERAL, stateAt };
  const back = travel(world, asked.at, answer, asked.at.kind === 'outside' ? asked.by : undefined);
  if (back.at === undefined) return `the answer: ${back.lost}`;
  const last = masked === undefined ? back : travel(world, masked.by, { ...answer, daddr: saddr });
  if (last.at !== from) return `the answer: ${last.lost ?? `it comes to ${last.at?.name}`}`;
  const answered = new Set([...back.through, ...last.through, ...(masked === undefined ? [] : [masked.by])]);
  const isCrooked = protocol === 'tcp' && [...through].some((host) => !answered.has(host));
  if (!isCrooked) return undefined;
  const third = travel(world, from, {
    ...question,
    stateAt: (host) => (answered.has(host) ? 'established' : 'invalid'),
  });
  return third.at === undefined ? `the answer goes another way: ${third.lost}` : undefined;
}
