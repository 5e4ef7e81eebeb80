import { Ipv4 } from '../../../src/net/ipv4.ts';
import { type Machine, machinesOf } from '../../../src/reach/machines.ts';
import { reach } from '../../../src/reach/reach.ts';
import type { Cluster } from '../../../src/resolve/cluster.ts';
import { oncePerCluster } from '../../../src/resolve/once-per-cluster.ts';
import { isOneSegment } from '../../../src/resolve/segments.ts';
import type { Try } from './lab.ts';

/** What `reach` says of a connection. */
export interface Prediction {
  /** Who is reached, and the source address that he sees; `pong`; or `no`. */
  readonly result: string;
  readonly why: string;
  /** Whether it is not the model's to say: two machines on a segment have an address that it is sent to. */
  readonly isUnclear: boolean;
}

export function predict(cluster: Cluster, from: Machine, { to, protocol, port }: Try): Prediction {
  const { question, answer } = reach(cluster, { from, to: Ipv4.of(to), protocol, port });
  const stop = question.stop ?? answer?.stop;
  const hops = [...question.hops, ...(answer?.hops ?? [])];
  const met = [
    ...hops.flatMap(({ via, daddr }) => [via, daddr]).map(String),
    ...(stop?.message.split(/[ ,]/) ?? []),
  ];
  const ips = [Ipv4.of(to), ...hops.flatMap(({ saddr, daddr }) => [saddr, daddr])];
  const isUnclear =
    met.some((ip) => rivalsIn(cluster).has(ip)) ||
    pingsFromBroadcast(from, protocol) ||
    twiceLinked(cluster).some((cidr) => ips.some((ip) => cidr.contains(ip)));
  if (stop !== undefined) return { result: 'no', why: stop.message, isUnclear };
  const end = question.hops.at(-1);
  const result = protocol === 'icmp' ? 'pong' : `${end?.machine.name} ${end?.saddr}`;
  return { result, why: 'delivered', isUnclear };
}

/** The addresses that two machines on a segment have. */
const rivalsIn = oncePerCluster((cluster) => {
  const all = machinesOf(cluster).flatMap((machine) =>
    [...machine.cards, ...machine.held].map((card) => ({ machine, card })),
  );
  const rivals = all.filter(({ machine, card }) =>
    all.some(
      (other) =>
        other.machine !== machine &&
        other.card.ip.equals(card.ip) &&
        isOneSegment(other.card.network, card.network),
    ),
  );
  return new Set(rivals.map(({ card }) => card.ip.toString()));
});

/** The ranges that a machine has on two links: which of them it takes depends on which came up first. */
const twiceLinked = oncePerCluster((cluster) =>
  machinesOf(cluster).flatMap(({ cards }) =>
    cards
      .filter((card) => cards.some((other) => other.network !== card.network && other.cidr.equals(card.cidr)))
      .map(({ cidr }) => cidr),
  ),
);

/** A ping from the broadcast address of its range is answered to all, if the other side has `rp_filter` off. */
function pingsFromBroadcast({ cards, held }: Machine, protocol: Try['protocol']): boolean {
  return protocol === 'icmp' && [...cards, ...held].some(({ cidr, ip }) => cidr.last.equals(ip));
}

/** A reason without the names and addresses of its model. */
export function kindOf(why: string): string {
  return why
    .replace(/^\S+(?= has no route| gets a packet)/, '...')
    .replace(/(?<=firewall of |it on |come by |not (of|from) |leaves |goes to )[\w-]+/g, '...')
    .replaceAll(/\d+(\.\d+){3}(\/\d+)?|"[^"]*"/g, '...');
}
