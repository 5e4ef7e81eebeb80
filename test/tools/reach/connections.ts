import { Ipv4 } from '../../../src/net/ipv4.ts';
import { type Machine, machinesOf, outside, stranger } from '../../../src/reach/machines.ts';
import type { Cluster } from '../../../src/resolve/cluster.ts';
import type { Try } from './lab.ts';
import { predict } from './prediction.ts';
import { INTERNET, type Unknown } from './strangers.ts';

/** A connection that a machine of the lab tries. */
export interface Connection {
  readonly by: string;
  readonly attempt: Try;
}

/** The machines that the lab has: who is known by an address alone, as a database that a flow names, is not in the files. */
function builtOf(cluster: Cluster): Machine[] {
  const names = new Set(cluster.nodes.map(({ name }) => name));
  return machinesOf(cluster).filter(({ kind, name }) => kind !== 'node' || names.has(name));
}

/** Who asks, by the names in the lab. */
export function askersOf(cluster: Cluster, unknowns: readonly Unknown[]): Map<string, Machine> {
  const known = builtOf(cluster).map((machine) => [machine.name, machine] as const);
  const others = unknowns.flatMap(({ name, network, ip }) =>
    cluster.networks
      .filter((one) => one.name === network)
      .map((own) => [name, stranger(own, Ipv4.of(ip))] as const),
  );
  return new Map([...known, ...others, ['outside', outside(cluster, Ipv4.of(INTERNET))]]);
}

type Kind = Omit<Try, 'to' | 'as'>;

/** What everybody tries, whatever the flows say. */
const COMMON: readonly Kind[] = [
  { protocol: 'tcp', port: 22 },
  { protocol: 'udp', port: 123 },
  { protocol: 'udp', port: 53 },
  { protocol: 'tcp', port: 9 },
  { protocol: 'udp', port: 9 },
];

/**
 * From everybody to each address of everybody else. Nodes, and somebody outside, try nodes with a ping, a port that is let through and one
 * that is not; all others with one of these in turn.
 */
export function connectionsOf(cluster: Cluster, unknowns: readonly Unknown[]): Connection[] {
  const kinds = kindsOf(cluster);
  const inner = builtOf(cluster).filter(({ kind }) => kind === 'node');
  const addresses = new Set(inner.flatMap(addressesOf));
  const targets = targetsOf(cluster, unknowns);
  let turn = 0;
  return [...askersOf(cluster, unknowns)].flatMap(([by, from]) => {
    const own = addressesOf(from);
    const as = from.speaks === undefined ? {} : { as: from.speaks.toString() };
    return targets
      .filter((to) => !own.includes(to))
      .flatMap((to) => {
        turn += 1;
        const isWhole = (inner.includes(from) || by === 'outside') && addresses.has(to);
        const turned = [...kinds.slice(turn % kinds.length), ...kinds.slice(0, turn % kinds.length)];
        const tries = turned.map((kind): Try => ({ ...kind, ...as, to }));
        const isOpen = (attempt: Try) => predict(cluster, from, attempt).result !== 'no';
        const ping: Try = { protocol: 'icmp', ...as, to };
        const chosen = [ping, tries.find(isOpen), tries.find((attempt) => !isOpen(attempt))];
        const some = isWhole ? chosen : [chosen[turn % chosen.length] ?? ping];
        return some.flatMap((attempt) => (attempt === undefined ? [] : [{ by, attempt }]));
      });
  });
}

const addressesOf = ({ cards, held, speaks }: Machine) =>
  [...[...cards, ...held].map(({ ip }) => ip), ...(speaks === undefined ? [] : [speaks])].map(String);

/** The ports of all flows, both ends of each range. */
function kindsOf({ flows }: Cluster): Kind[] {
  const named = flows
    .flatMap(({ ports }) => ports)
    .flatMap(({ protocol, first, last }) => [
      { protocol, port: first },
      { protocol, port: last },
    ]);
  const kinds = [...named, ...COMMON].map((kind) => [`${kind.protocol} ${kind.port}`, kind] as const);
  return [...new Map(kinds).values()];
}

/** Every address that a machine of the model has, one that nobody has in each network, and one of the internet. */
function targetsOf(cluster: Cluster, unknowns: readonly Unknown[]): string[] {
  const known = builtOf(cluster).flatMap(addressesOf);
  return [...new Set([...known, ...unknowns.map(({ nobody }) => nobody), INTERNET])];
}
