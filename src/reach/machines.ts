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
import type { Cluster, Hypervisor, Network, Node } from '../resolve/cluster.ts';
import { firstOfEach, groupBy } from '../resolve/group-by.ts';
import { isUntagged, letsOpen } from '../resolve/modes.ts';
import { oncePer, oncePerCluster } from '../resolve/once-per-cluster.ts';
import { isOneSegment } from '../resolve/segments.ts';
import { rangesOf, subnetAround, subnetOf } from '../resolve/subnets.ts';

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
export const machinesOf = oncePerCluster((cluster): readonly Machine[] => {
  const own = [
    ...cluster.nodes.map((node) => nodeMachine(cluster, node)),
    ...cluster.hypervisors.map((hypervisor) => hypervisorMachine(cluster, hypervisor)),
    outsideMachine(cluster),
  ];
  return [...own, ...saidGuests(cluster, own)];
});

/** Machines that the model has by nothing but an address, as a database: somebody is there where it does not know everybody. */
function saidGuests({ flows, verifications, networks }: Cluster, own: readonly Machine[]): Machine[] {
  const places = [...flows.flatMap(({ from, to }) => [...from, ...to]), ...verifications.map(({ to }) => to)];
  const said = places.flatMap((place) =>
    place.kind === 'address' && place.cidr.isAddress ? [place.cidr.network] : [],
  );
  return firstOfEach(said, String).flatMap((ip) => {
    const network = networks.find((one) => subnetOf(one, ip) !== undefined);
    const isOpen = network?.router.hypervisor === undefined || network.dhcp?.contains(ip);
    return network === undefined || !isOpen || holdersOf(own, ip).length > 0 ? [] : [stranger(network, ip)];
  });
}

/** The machine of a name. */
export function machineOf(cluster: Cluster, name: string): Machine | undefined {
  return machinesByName(cluster).get(name);
}

const machinesByName = oncePerCluster(
  (cluster) => new Map(machinesOf(cluster).map((machine) => [machine.name, machine])),
);

/** The address of anybody outside: one of those kept for documentation (RFC 5737). */
export const ANYBODY = Ipv4.of('192.0.2.1');

/** What is outside, speaking with an address of somebody there. */
export function outside(cluster: Cluster, ip = ANYBODY): Machine {
  const machine = outsideMachine(cluster);
  return { ...machine, speaks: ip };
}

/** Those of some machines that have an address. */
export function holdersOf(machines: readonly Machine[], ip: Ipv4): readonly Machine[] {
  return byAddress(machines).get(ip.value) ?? [];
}

const byAddress = oncePer((machines: readonly Machine[]) => {
  const found = new Map<number, Machine[]>();
  for (const machine of machines) {
    for (const { ip } of [...machine.cards, ...machine.held])
      found.set(ip.value, [...(found.get(ip.value) ?? []), machine]);
  }
  return found;
});

/** What a machine has an address on. */
export function cardWith({ cards, held }: Machine, ip: Ipv4): Card | undefined {
  const isOf = (card: Card) => card.ip.equals(ip);
  return cards.find(isOf) ?? held.find(isOf);
}

/**
 * Whoever of those that have an address answers for it on a network: on its segment, whatever network he says that he is in.
 * Linux answers there for the addresses of its other cards, too (`arp_ignore` in ip-sysctl).
 */
export function neighbour(holders: readonly Machine[], network: Network, ip: Ipv4): Machine | undefined {
  const isHere = (card: Card) => isOneSegment(card.network, network);
  const isItself = (card: Card) => card.ip.equals(ip) && isHere(card);
  return (
    holders.find(({ cards, held }) => cards.some(isItself) || held.some(isItself)) ??
    holders.find(({ kind, cards }) => kind !== 'outside' && cards.some(isHere))
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
  const { name, origin } = node;
  const cards = node.nics.map(cardOf);
  let ways: readonly Way[] | undefined;
  const machine: Machine = {
    name,
    kind: 'node',
    origin,
    hypervisor: undefined,
    cards,
    held: [],
    // Of thousands of nodes few are asked.
    get ways() {
      ways ??= nodeWays(cluster, node, cards);
      return ways;
    },
  };
  const held = vipsAt(cluster).get(name);
  return held === undefined ? machine : holding(machine, held.map(cardOf));
}

function nodeWays(cluster: Cluster, node: Node, cards: readonly Card[]): Way[] {
  const routes = nodeRoutes(cluster, node).flatMap(({ to, via, nic }) => {
    const card = cards[node.nics.indexOf(nic)];
    // Linux takes no route by a machine that is not on the link.
    return card?.cidr.contains(via) ? [{ to, via, card }] : [];
  });
  const defaults = cards.slice(0, 1).flatMap((card) => {
    const { network, ip, cidr } = card;
    const { router } = subnetAround(network, ip);
    const isTaken = cidr.contains(router) || network.router.onLink;
    return letsOpen(network, undefined) && isTaken ? [{ to: EVERYWHERE, via: router, card }] : [];
  });
  return narrowestFirst([...cards.map(connected), ...routes, ...defaults]);
}

/** The virtual IPs by the name of the node that has them while all members work. */
const vipsAt = oncePerCluster(({ vips }) =>
  groupBy(
    vips,
    ({ network, members }) => members.find(({ nic }) => nic.network === network)?.node.name ?? '',
  ),
);

/** A machine with these virtual IPs and no others; each puts it on the link of its range. */
export function holding(machine: Machine, held: readonly Card[]): Machine {
  const ways = machine.ways.filter(({ card }) => !machine.held.includes(card));
  const [links, routes] = [true, false].map((isLink) =>
    ways.filter(({ via }) => (via === undefined) === isLink),
  );
  return {
    ...machine,
    held,
    ways: narrowestFirst([...(links ?? []), ...held.map(connected), ...(routes ?? [])]),
  };
}

/** What a machine has an address of its own, or a virtual IP, on. */
export function cardOf({ network, ip }: Pick<Card, 'network' | 'ip'>): Card {
  const cidr = subnetOf(network, ip)?.cidr ?? Cidr.around(ip, network.cidr.prefix);
  return { network, ip, cidr, interface: '' };
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
  // One that knows a network sends to where its hypervisor is: beside it, or beside another router.
  const knowing = cards.filter(({ network }) => network.router.returnRoute);
  const near = knowing.length > 0 ? [...knowing, ...cards] : [];
  const returns = routedNetworks(cluster).flatMap((target) => {
    const host = target.router.hypervisor;
    const [hop] = near.flatMap((card) => {
      const via = host && addressIn(card.network, host);
      return via === undefined ? [] : [{ via, card }];
    });
    return hop === undefined ? [] : rangesOf(target).map((to) => ({ to, ...hop }));
  });
  return {
    ...{ name: 'outside', kind: 'outside', origin: ['networks'], hypervisor: undefined },
    ...{ cards, held: [], ways: narrowestFirst([...cards.map(connected), ...returns]) },
  };
}

function isRoutedByGuest({ nodes }: Cluster, network: Network): boolean {
  const { ip } = network.router;
  return nodes.some(({ nics }) =>
    nics.some((nic) => nic.ip.equals(ip) && isOneSegment(nic.network, network)),
  );
}

function connected(card: Card): Way {
  return { to: card.cidr, card, via: undefined };
}

function narrowestFirst(ways: readonly Way[]): Way[] {
  return ways.toSorted((a, b) => b.to.prefix - a.to.prefix);
}
