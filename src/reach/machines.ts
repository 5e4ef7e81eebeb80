import type { Path } from '../diagnostics/diagnostic.ts';
import { Cidr } from '../net/cidr.ts';
import { Ipv4 } from '../net/ipv4.ts';
import {
  addressIn,
  bridgeGateway,
  bridgeOn,
  bridgeRoutes,
  interfaceOf,
  networksAt,
  nodeRoutes,
  routedNetworks,
} from '../resolve/addressing.ts';
import { isPrimaryCard } from '../resolve/cards.ts';
import type { Cluster, Hypervisor, Network, Nic, Node, Vip } from '../resolve/cluster.ts';
import { isUntagged, letsOpen } from '../resolve/modes.ts';
import { oncePerCluster } from '../resolve/once-per-cluster.ts';
import { isOneSegment } from '../resolve/segments.ts';
import { rangesOf, subnetAround } from '../resolve/subnets.ts';

/** An address of a machine in a network. */
export interface Card {
  readonly network: Network;
  readonly ip: Ipv4;
  /** What the address makes its machine take for the link: a range of the network, unless it is in none. */
  readonly cidr: Cidr;
  /** The hypervisor's interface there; guests' names do not matter to any firewall. */
  readonly interface: string;
}

/** Where a machine sends packets for a range: to a neighbour, or to the address itself. */
export interface Way {
  readonly to: Cidr;
  readonly card: Card;
  readonly via: Ipv4 | undefined;
}

/** Somebody who sends, takes or passes on packets. */
export interface Machine {
  readonly name: string;
  readonly kind: 'node' | 'hypervisor' | 'outside';
  readonly origin: Path;
  readonly hypervisor: Hypervisor | undefined;
  readonly cards: readonly Card[];
  /** Virtual IPs, each with the card that it is on. */
  readonly held: readonly Card[];
  /** The narrowest range first. */
  readonly ways: readonly Way[];
  /** The address that it asks with, where that is not the one of a card. */
  readonly speaks?: Ipv4;
}

const EVERYWHERE = Cidr.of('0.0.0.0/0');

/** All machines of a cluster; what is outside of it is one, with all routers that are no hypervisor. */
export const machinesOf = oncePerCluster((cluster): Machine[] => [
  ...cluster.nodes.map((node) => nodeMachine(cluster, node)),
  ...cluster.hypervisors.map((hypervisor) => hypervisorMachine(cluster, hypervisor)),
  outsideMachine(cluster),
]);

/** The machine of a name. */
export function machineOf(cluster: Cluster, name: string): Machine | undefined {
  return machinesOf(cluster).find((machine) => machine.name === name);
}

/** The address of anybody outside: one of those kept for documentation (RFC 5737). */
export const ANYBODY = Ipv4.of('192.0.2.1');

/** What is outside, speaking with an address of somebody there. */
export function outside(cluster: Cluster, ip = ANYBODY): Machine {
  const machine = outsideMachine(cluster);
  return { ...machine, speaks: ip };
}

/** The machine that has an address. */
export function holderOf(cluster: Cluster, ip: Ipv4): Machine | undefined {
  return machinesOf(cluster).find((machine) => cardWith(machine, ip) !== undefined);
}

/** What a machine has an address on. */
export function cardWith({ cards, held }: Machine, ip: Ipv4): Card | undefined {
  return [...cards, ...held].find((card) => card.ip.equals(ip));
}

/**
 * Whoever answers for an address to those on a network: on its segment, whatever network he says that he is in. Linux
 * answers there for the addresses of its other cards, too (`arp_ignore` in ip-sysctl).
 */
export function neighbour(machines: readonly Machine[], network: Network, ip: Ipv4): Machine | undefined {
  const isHere = (card: Card) => isOneSegment(card.network, network);
  const holders = machines.filter((machine) => cardWith(machine, ip) !== undefined);
  return (
    holders.find(({ cards, held }) =>
      [...cards, ...held].some((card) => card.ip.equals(ip) && isHere(card)),
    ) ?? holders.find(({ kind, cards }) => kind !== 'outside' && cards.some(isHere))
  );
}

/** A guest that the model does not have: it knows its network and its router. */
export function stranger(network: Network, ip: Ipv4): Machine {
  const { cidr, router } = subnetAround(network, ip);
  const card = { network, ip, cidr, interface: '' };
  const toAll = { to: EVERYWHERE, card, via: router };
  return {
    ...{ name: ip.toString(), kind: 'node', origin: network.origin, hypervisor: undefined },
    ...{ cards: [card], held: [], ways: [connected(card), toAll] },
  };
}

function nodeMachine(cluster: Cluster, node: Node): Machine {
  const cards = new Map(node.nics.map((nic) => [nic, cardOf(nic)]));
  const routes = nodeRoutes(cluster, node).flatMap(({ to, via, nic }) => {
    const card = cards.get(nic);
    // Linux takes no route by a machine that is not on the link.
    return card?.cidr.contains(via) ? [{ to, via, card }] : [];
  });
  const defaults = [...cards].flatMap(([nic, card]) => {
    const { network } = nic;
    const { router } = subnetAround(network, card.ip);
    const isTaken = card.cidr.contains(router) || network.router.onLink;
    const isDefault = isPrimaryCard(node, nic) && letsOpen(network, undefined) && isTaken;
    return isDefault ? [{ to: EVERYWHERE, via: router, card }] : [];
  });
  const held = cluster.vips.flatMap((vip) => {
    const holder = vip.members.find(({ nic }) => nic.network === vip.network);
    return holder?.node === node ? [cardOf(vip)] : [];
  });
  const own = [...cards.values()];
  return {
    ...{ name: node.name, kind: 'node', origin: node.origin, hypervisor: undefined },
    ...{
      cards: own,
      held,
      ways: narrowestFirst([...[...own, ...held].map(connected), ...routes, ...defaults]),
    },
  };
}

function cardOf({ network, ip }: Nic | Vip): Card {
  return { network, ip, cidr: Cidr.around(ip, subnetAround(network, ip).cidr.prefix), interface: '' };
}

function hypervisorMachine(cluster: Cluster, hypervisor: Hypervisor): Machine {
  const cards = networksAt(cluster, hypervisor).flatMap((network) => hostCards(network, hypervisor));
  const routes = hypervisor.bridges.flatMap((bridge) => {
    const at = { hypervisor, bridge };
    const gateway = bridgeGateway(cluster, at);
    const said = [
      ...bridgeRoutes(cluster, at),
      ...(gateway === undefined ? [] : [{ to: EVERYWHERE, via: gateway }]),
    ];
    const here = cards.filter(
      ({ network }) => isUntagged(network) && bridgeOn(network, hypervisor) === bridge.name,
    );
    return said.flatMap(({ to, via }) => {
      const card =
        here.find(({ cidr }) => cidr.contains(via)) ?? here.find(({ ip }) => bridge.ip?.equals(ip));
      return card === undefined ? [] : [{ to, via, card }];
    });
  });
  return {
    ...{ name: hypervisor.name, kind: 'hypervisor', origin: hypervisor.origin, hypervisor },
    ...{ cards, held: [], ways: narrowestFirst([...cards.map(connected), ...routes]) },
  };
}

/** The addresses of a hypervisor in a network: one in each range that it is the router of, or its own. */
function hostCards(network: Network, hypervisor: Hypervisor): Card[] {
  const name = interfaceOf(bridgeOn(network, hypervisor) ?? '', network.vlan);
  const own = addressIn(network, hypervisor);
  if (network.router.hypervisor === hypervisor)
    return network.subnets.map(({ cidr, router: ip }) => ({
      ...{ network, ip, cidr: Cidr.around(ip, cidr.prefix), interface: name },
    }));
  return own === undefined ? [] : [{ network, ip: own, cidr: network.cidr, interface: name }];
}

/** All routers that are no machine of the model: they know one another, and the cluster's networks where the model says so. */
function outsideMachine(cluster: Cluster): Machine {
  const cards = cluster.networks
    .filter((network) => network.router.hypervisor === undefined && !isRoutedByGuest(cluster, network))
    .map((network): Card => ({ network, ip: network.router.ip, cidr: network.cidr, interface: '' }));
  const returns = cards
    .filter(({ network }) => network.router.returnRoute)
    .flatMap((card) =>
      routedNetworks(cluster).flatMap((target) => {
        const via = target.router.hypervisor && addressIn(card.network, target.router.hypervisor);
        return via === undefined ? [] : rangesOf(target).map((to) => ({ to, via, card }));
      }),
    );
  return {
    ...{ name: 'outside', kind: 'outside', origin: ['networks'], hypervisor: undefined },
    ...{ cards, held: [], ways: narrowestFirst([...cards.map(connected), ...returns]) },
  };
}

function isRoutedByGuest({ nodes }: Cluster, network: Network): boolean {
  const cards = nodes.flatMap(({ nics }) => nics);
  return cards.some((nic) => nic.ip.equals(network.router.ip) && isOneSegment(nic.network, network));
}

function connected(card: Card): Way {
  return { to: card.cidr, card, via: undefined };
}

function narrowestFirst(ways: readonly Way[]): Way[] {
  return ways.toSorted((a, b) => b.to.prefix - a.to.prefix);
}
