import type { Ipv4 } from '../../../../src/net/ipv4.ts';
import { type Machine, owns, type Port } from './machine.ts';
import type { Packet } from './nft-table.ts';
import type { World } from './world.ts';

/** Where a packet came to, or why it did not. */
export interface Arrival {
  readonly at?: Machine;
  /** The port that it came in by. */
  readonly by?: Port | undefined;
  readonly lost?: string;
  /** The hosts that passed it on. */
  readonly through: ReadonlySet<Machine>;
  /** The host that gave it an address of its own, and that. */
  readonly masked?: { readonly by: Machine; readonly as: Ipv4 };
}

/** What is sent; how a host sees it is up to what it has seen before. */
export type Sent = Omit<Packet, 'state' | 'iifname' | 'oifname'> & {
  readonly stateAt: (host: Machine) => Packet['state'];
};

const MOST_HOPS = 8;

/** The way of one packet, hop by hop. An answer of the rest of the world comes back by where the question left. */
export function travel(world: World, from: Machine, sent: Sent, cameBy?: Port): Arrival {
  const through = new Set<Machine>();
  let here = from;
  let by = cameBy;
  let packet = sent;
  let masked: Arrival['masked'];
  const lost = (why: string): Arrival => ({ lost: why, through });
  for (let hops = 0; hops < MOST_HOPS; hops += 1) {
    if (owns(here, packet.daddr)) {
      const refusal = here === from ? undefined : refusedInput(here, packet, by);
      return refusal === undefined ? { at: here, by, through, ...(masked && { masked }) } : lost(refusal);
    }
    if (here !== from && here.kind === 'node' && here.forwards !== true)
      return lost(`${here.name} passes nothing on`);
    const hop =
      here.kind === 'outside' ? outsideHop(world, here, packet.daddr, by) : nextHop(here, packet.daddr);
    // What nobody of the model routes has left for the rest of the world.
    if (hop === undefined && here.kind === 'outside')
      return by === undefined || isInside(world, packet.daddr)
        ? lost('the router outside knows no way')
        : { at: here, by, through, ...(masked && { masked }) };
    if (hop === undefined) return lost(`${here.name} has no route to ${packet.daddr}`);
    if (here !== from && here.kind === 'host') {
      const refusal = refusedForward(here, packet, by, hop.port);
      if (refusal !== undefined) return lost(refusal);
      through.add(here);
      const as = maskedAs(here, packet, by, hop.port);
      if (as !== undefined) {
        masked = { by: here, as };
        packet = { ...packet, saddr: as };
      }
    }
    const neighbours = world.machines.flatMap((machine) =>
      machine === here
        ? []
        : machine.ports
            .filter(
              (port) =>
                port.segment === hop.port.segment && port.addresses.some(({ ip }) => ip.equals(hop.ip)),
            )
            .map((port) => ({ machine, port })),
    );
    const [next] = neighbours;
    if (next === undefined) return lost(`nobody beside ${here.name} has ${hop.ip}`);
    if (neighbours.some(({ machine }) => machine !== next.machine))
      return lost(`several beside ${here.name} have ${hop.ip}`);
    here = next.machine;
    by = next.port;
  }
  return lost('it goes in circles');
}

interface Hop {
  readonly port: Port;
  readonly ip: Ipv4;
}

/** The longest prefix, of what is connected and of the routes; Linux takes no route whose next hop is no neighbour. */
export function nextHop({ ports, routes }: Machine, to: Ipv4): Hop | undefined {
  const connected = ports.flatMap((port) =>
    port.addresses
      .filter(({ cidr }) => cidr.prefix < 32 && cidr.contains(to))
      .map(({ cidr }) => ({ prefix: cidr.prefix, port, ip: to })),
  );
  const routed = routes
    .filter((route) => route.to.contains(to))
    .flatMap(({ to: { prefix }, via, onLink }) => {
      const isNear = ({ addresses }: Port) =>
        addresses.some(({ cidr }) => cidr.prefix < 32 && cidr.contains(via));
      const port = ports.find(({ name }) => name === onLink) ?? ports.find(isNear);
      return port === undefined ? [] : [{ prefix, port, ip: via }];
    });
  return [...connected, ...routed].sort((a, b) => b.prefix - a.prefix)[0];
}

/** Routers outside reach their own networks, and those that hypervisors route if the one that was asked knows them. */
function outsideHop({ cluster }: World, outside: Machine, to: Ipv4, by: Port | undefined): Hop | undefined {
  const near = outside.ports.filter(({ addresses }) => addresses.some(({ cidr }) => cidr.contains(to)));
  const [own] = [...near.filter((port) => port === by), ...near];
  if (own !== undefined) return { port: own, ip: to };
  const target = cluster.networks.find(
    ({ router, subnets }) => router.hypervisor !== undefined && subnets.some(({ cidr }) => cidr.contains(to)),
  );
  if (target === undefined || by?.knowsWay !== true) return undefined;
  const host = target.router.hypervisor;
  const addresses = host === undefined ? [] : [host.ip, ...host.bridges.flatMap(({ ip }) => ip ?? [])];
  const ports = [by, ...outside.ports];
  return ports.flatMap((port) =>
    addresses
      .filter((ip) => port.addresses.some(({ cidr }) => cidr.contains(ip)))
      .map((ip) => ({ port, ip })),
  )[0];
}

function isInside({ cluster }: World, ip: Ipv4): boolean {
  return cluster.networks.some(({ subnets }) => subnets.some(({ cidr }) => cidr.contains(ip)));
}

function seen(host: Machine, { stateAt, ...packet }: Sent, iif?: Port, oif?: Port): Packet {
  return {
    ...packet,
    state: stateAt(host),
    ...(iif && { iifname: iif.name }),
    ...(oif && { oifname: oif.name }),
  };
}

function refusedInput(host: Machine, packet: Sent, iif: Port | undefined): string | undefined {
  const verdict = host.firewall?.verdict('input', seen(host, packet, iif)) ?? 'accept';
  return verdict === 'accept' ? undefined : `${host.name} refuses what comes to itself`;
}

/** libvirt's rules and ours each have to accept (domain facts: nat and isolated networks take no new connections). */
function refusedForward(host: Machine, packet: Sent, iif: Port | undefined, oif: Port): string | undefined {
  const isNew = packet.stateAt(host) !== 'established';
  if (iif !== oif && isNew && (iif?.mode === 'isolated' || oif.mode === 'isolated' || oif.mode === 'nat'))
    return `libvirt on ${host.name} refuses it`;
  const verdict = host.firewall?.verdict('forward', seen(host, packet, iif, oif)) ?? 'accept';
  return verdict === 'accept' ? undefined : `the firewall of ${host.name} refuses it`;
}

/** The address that a new connection leaves a host with, if that is not its own one. */
function maskedAs(host: Machine, packet: Sent, iif: Port | undefined, oif: Port): Ipv4 | undefined {
  if (packet.stateAt(host) !== 'new') return undefined;
  const isByLibvirt =
    iif !== oif && iif?.mode === 'nat' && iif.addresses.some(({ cidr }) => cidr.contains(packet.saddr));
  const verdict = host.firewall?.verdict('postrouting', seen(host, packet, iif, oif));
  return isByLibvirt || verdict === 'masquerade' ? oif.addresses[0]?.ip : undefined;
}

/** The address that a machine sends from. */
export function sourceFor(machine: Machine, to: Ipv4): Ipv4 | undefined {
  const hop = nextHop(machine, to);
  const addresses = hop?.port.addresses.filter(({ cidr }) => cidr.prefix < 32) ?? [];
  return (addresses.find(({ cidr }) => hop !== undefined && cidr.contains(hop.ip)) ?? addresses[0])?.ip;
}
