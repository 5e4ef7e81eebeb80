import { Ipv4 } from '../../../src/net/ipv4.ts';
import { type Machine, machineOf, outside, stranger } from '../../../src/reach/machines.ts';
import type { Cluster } from '../../../src/resolve/cluster.ts';
import type { Try } from './lab.ts';
import { CLIENT, INTERNET } from './strangers.ts';

/** A connection that is tried by a machine of the lab, and predicted for a machine of the model. */
export interface Connection {
  readonly by: string;
  readonly from: Machine;
  readonly attempt: Try;
}

const PING = { protocol: 'icmp', port: undefined } as const;
const KINDS: readonly Omit<Try, 'to'>[] = [
  { protocol: 'tcp', port: 22 },
  { protocol: 'tcp', port: 6443 },
  { protocol: 'tcp', port: 10250 },
  { protocol: 'udp', port: 53 },
];

/** Who tries: its name in the lab, the machine of the model, and the address that it asks with. */
interface Source extends Pick<Try, 'as'> {
  readonly by: string;
  readonly from: Machine;
}

/** From everybody to each address of everybody else: a ping, and one of the other kinds in turn. */
export function connectionsOf(cluster: Cluster): Connection[] {
  const { nodes, vips, hypervisors } = cluster;
  const cards = nodes.flatMap(({ nics }) => nics);
  const addresses = [...cards, ...vips, ...hypervisors].map(({ ip }) => ip.toString());
  return sourcesOf(cluster).flatMap(({ by, from, ...more }) => {
    const own = [...from.cards, ...from.held].map(({ ip }) => ip.toString()).concat(more.as ?? []);
    const targets = [...addresses, INTERNET].filter((ip) => !own.includes(ip));
    return targets.flatMap((to, index) => {
      const kind = KINDS[(index + by.length) % KINDS.length] ?? PING;
      return [PING, kind].map((one) => ({ by, from, attempt: { ...one, ...more, to } }));
    });
  });
}

function sourcesOf(cluster: Cluster): Source[] {
  const known = [...cluster.nodes, ...cluster.hypervisors].flatMap(({ name }) => {
    const from = machineOf(cluster, name);
    return from === undefined ? [] : [{ by: name, from }];
  });
  const lan = cluster.networks.filter(({ name }) => name === 'lan');
  const clients = lan.map((network) => ({ by: 'client', from: stranger(network, Ipv4.of(CLIENT)) }));
  return [...known, ...clients, { by: 'outside', from: outside(cluster, Ipv4.of(INTERNET)), as: INTERNET }];
}
