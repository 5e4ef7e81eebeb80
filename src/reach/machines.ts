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
import { firstOfEach } from '../resolve/group-by.ts';
import { isUntagged, letsOpen } from '../resolve/modes.ts';
import { oncePerCluster } from '../resolve/once-per-cluster.ts';
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
  return machinesOf(cluster).find((machine) => machine.name === name);
}

/** The address of anybody outside: one of those kept for documentation (RFC 5737). */
export const ANYBODY = Ipv4.of('192.0.2.1');

/** What is outside, speaking with an address of somebody there. */
export function outside(cluster: Cluster, ip = ANYBODY): Machine {
  const machine = outsideMachine(cluster);
  return { ...machine, speaks: ip };
}

const holders = new WeakMap<readonly Machine[], ReadonlyMap<number, readonly Machine[]>>();

/** Those of some machines that have an address. */
export function holdersOf(machines: readonly Machine[], ip: Ipv4): readonly Machine[] {
  const known = holders.get(machines) ?? byAddress(machines);
  holders.set(machines, known);
  return known.get(ip.value) ?? [];
}

function byAddress(machines: readonly Machine[]): Map<number, Machine[]> {
  const found = new Map<number, Machine[]>();
  for (const machine of machines) {
    for (const { value } of [...machine.cards, ...machine.held].map(({ ip }) => ip))
      found.set(value, [...(found.get(value) ?? []), machine]);
  }
  return found;
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
  const all = holdersOf(machines, ip);
  return (
    all.find(({ cards, held }) => [...cards, ...held].some((card) => card.ip.equals(ip) && isHere(card))) ??
    all.find(({ kind, cards }) => kind !== 'outside' && cards.some(isHere))
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
  const ways = narrowestFirst([...own.map(connected), ...routes, ...defaults]);
  const machine = { name: node.name, kind: 'node', origin: node.origin, hypervisor: undefined } as const;
  return holding({ ...machine, cards: own, held: [], ways }, held);
}

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
export function cardOf({ network, ip }: Nic | Vip): Card {
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
