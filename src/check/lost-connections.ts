import { cardOf, cardWith, holding, type Machine, machineOf } from '../reach/machines.ts';
import { type Answer, type Leg, reach } from '../reach/reach.ts';
import { noRoute, type Stop } from '../reach/stops.ts';
import type { Cluster, Hypervisor, Network, Node } from '../resolve/cluster.ts';
import { letsOpen } from '../resolve/modes.ts';
import { oncePerCluster } from '../resolve/once-per-cluster.ts';
import { subnetOf } from '../resolve/subnets.ts';
import { type AnyConnection, neededConnections, oneOfEach } from './needed-connections.ts';

/** What becomes of a connection that does not stand, and why. */
export interface Failure {
  readonly way: Answer;
  readonly stop: Stop;
  /** Whether the question arrives and its answer does not. */
  readonly isAnswer: boolean;
  /** The network whose mode it is, if it is one. */
  readonly closed: Network | undefined;
  /** The node that has the address, if it is one. */
  readonly holder: Node | undefined;
}

/** The connections that the cluster cannot do without and that do not stand. */
export const lostConnections = oncePerCluster((cluster) => lostOf(cluster, neededConnections(cluster)));

/** Those of some connections that do not stand. Of nodes that can have the address, each that answers by a way of its own is asked. */
export function lostOf<C extends AnyConnection>(cluster: Cluster, connections: Iterable<C>): (C & Failure)[] {
  return [...connections].flatMap((connection) => {
    const { from, to, protocol, port } = connection;
    const asker = machineOf(cluster, from.name);
    if (asker === undefined || isStray(from) || isStray(to)) return [];
    const holders =
      to.holders.length === 0 ? [undefined] : oneOfEach(to.holders).filter((one) => !isStray(one));
    return holders.flatMap((holder) => {
      const asked = holder && asHolder(machineOf(cluster, holder.name), to);
      const way = reach(cluster, { from: asker, to: to.ip, protocol, port, holder: asked });
      const there = stopIn(way.question);
      const stop = there ?? (way.answer && stopIn(way.answer));
      const isAnswer = there === undefined;
      return stop ? [{ ...connection, way, stop, isAnswer, closed: closedBy(stop, connection), holder }] : [];
    });
  });
}

/** Whether an address is outside its network, which is found as such. */
function isStray(end: Node | Hypervisor | AnyConnection['to']): boolean {
  return 'network' in end && end.network !== undefined && subnetOf(end.network, end.ip) === undefined;
}

/** A machine as the one that has an address which others can have, too. */
function asHolder(machine: Machine | undefined, { network, ip }: AnyConnection['to']): Machine | undefined {
  if (machine === undefined || network === undefined || cardWith(machine, ip) !== undefined) return machine;
  return holding(machine, [...machine.held, cardOf({ network, ip })]);
}

/** What stops a packet, be it a router that would have to know a way and is not said to: `reach` has all routers outside as one machine. */
function stopIn({ hops, stop }: Leg): Stop | undefined {
  for (const [index, { machine, via, daddr }] of hops.entries()) {
    const entered = hops[index - 1]?.card;
    const isKnown = entered === undefined || entered.network.router.returnRoute;
    if (machine.kind === 'outside' && via !== undefined && !isKnown) return noRoute(machine, daddr, entered);
  }
  return stop;
}

/** The network that libvirt keeps a connection out of, or in; where it would, no route leads and no flow is let pass. */
function closedBy({ cause }: Stop, { from, to: { network: to } }: AnyConnection): Network | undefined {
  if (cause?.by === 'libvirt') return cause.network;
  const source = 'network' in from ? from.network : undefined;
  if (letsOpen(source, to) || (cause?.by !== 'routes' && cause?.by !== 'firewall')) return undefined;
  return letsOpen(undefined, to) ? source : to;
}
