import { type FirewallHost, isCrossed } from '../../firewall/places.ts';
import type { Ipv4 } from '../../net/ipv4.ts';
import { PortRange } from '../../net/port-range.ts';
import { kindOf } from '../../reach/alike.ts';
import { machineOf } from '../../reach/machines.ts';
import { sourceOf, wayOf } from '../../reach/reach.ts';
import { addressOf } from '../../resolve/address-of.ts';
import { addressIn } from '../../resolve/addressing.ts';
import type { Cluster, Flow, Hypervisor, Network, Place } from '../../resolve/cluster.ts';
import { firstOfEach } from '../../resolve/group-by.ts';
import { nameOf } from '../../resolve/name-of.ts';
import { networksIn } from '../../resolve/networks-in.ts';
import { machinesOf } from '../../resolve/resolve-places.ts';
import { interfacesOfOthers, interfacesTo } from './interfaces-to.ts';
import { firstPacket, one, type Packet, PROTOCOLS } from './packet.ts';
import type { Hook } from './trace.ts';

/** The first packet of a connection that the cluster needs, where it comes by a firewall. */
export interface NeededPacket {
  readonly flow: Flow;
  readonly host: FirewallHost;
  readonly hook: Hook;
  readonly packet: Packet;
  readonly from: End;
  readonly to: End;
  readonly port: PortRange;
}

/** One side of a connection. */
interface End {
  readonly place: Place;
  readonly ip: Ipv4;
  /** None outside of the model. */
  readonly network: Network | undefined;
}

/** The packets of flows that the firewalls have to let pass. Of nodes that nothing tells apart the first stands for all. */
export function* neededPackets(cluster: Cluster, flows: readonly Flow[]): Generator<NeededPacket> {
  const hosts = cluster.hypervisors.map((hypervisor) => ({ cluster, hypervisor }));
  const keyOf = (place: Place) =>
    place.kind === 'node' ? kindOf(cluster, place.node) : `: ${nameOf(place)}`;
  for (const flow of flows) {
    if (flow.neededAt === undefined) continue;
    const askers = flow.from.flatMap((place) => askersAt(cluster, place));
    const sources = firstOfEach(askers, keyOf);
    const targets = firstOfEach(flow.to.flatMap(machinesOf), keyOf).flatMap(
      (place) => targetAt(cluster, place) ?? [],
    );
    for (const host of hosts) {
      for (const to of targets) {
        for (const place of sources) yield* packetsBetween(host, { flow, place, to });
      }
    }
  }
}

function askersAt({ nodes }: Cluster, place: Place): Place[] {
  if (place.kind !== 'network') return machinesOf(place);
  return nodes
    .filter(({ network }) => network === place.network)
    .map((node): Place => ({ kind: 'node', node }));
}

function targetAt(cluster: Cluster, place: Place): End | undefined {
  const ip = addressOf(place);
  const [network, other] = networksAround(cluster, place, ip);
  // Where two sites have the same range nobody knows which one an address is at.
  return other === undefined ? { place, ip, network } : undefined;
}

function networksAround(cluster: Cluster, place: Place, ip: Ipv4): readonly (Network | undefined)[] {
  if (place.kind === 'node') return [place.node.network];
  if (place.kind !== 'hypervisor') return networksIn(cluster, place);
  return cluster.networks.filter((network) => addressIn(network, place.hypervisor)?.equals(ip));
}

/** Who sends to a target, by the way that it has there. */
function sourceAt({ cluster, hypervisor }: FirewallHost, place: Place, to: End): End | undefined {
  switch (place.kind) {
    case 'node': {
      const machine = machineOf(cluster, place.node.name);
      const way = machine && wayOf(machine, to.ip);
      return machine && way && { place, ip: sourceOf(machine, way, to.ip), network: way.card.network };
    }
    case 'hypervisor':
      return place.hypervisor === hypervisor ? undefined : meeting(cluster, place, hypervisor);
    case 'address':
      return targetAt(cluster, place);
    default:
      return undefined;
  }
}

/** A hypervisor as another one sees it, if they meet in one network. */
function meeting(
  { networks }: Cluster,
  place: Extract<Place, { kind: 'hypervisor' }>,
  other: Hypervisor,
): End | undefined {
  const [first, second] = networks.filter(
    (network) =>
      addressIn(network, place.hypervisor) !== undefined && addressIn(network, other) !== undefined,
  );
  const ip = first && addressIn(first, place.hypervisor);
  return ip === undefined || second !== undefined ? undefined : { place, ip, network: first };
}

interface Connection {
  readonly flow: Flow;
  /** Who opens it. */
  readonly place: Place;
  readonly to: End;
}

function packetsBetween(host: FirewallHost, { flow, place, to }: Connection): NeededPacket[] {
  const from = sourceAt(host, place, to);
  if (from === undefined) return [];
  const isInput = to.place.kind === 'hypervisor' && to.place.hypervisor === host.hypervisor;
  if (!isInput && !isCrossed(host, [from.network, to.network])) return [];
  // Behind another hypervisor libvirt has given it that one's address.
  if (from.network?.mode === 'nat' && from.network.router.hypervisor !== host.hypervisor) return [];
  const entries = place.kind === 'address' ? interfacesOfOthers : interfacesTo;
  return flow.ports
    .flatMap(({ first, last, protocol }) =>
      [...new Set([first, last])].map((number) => PortRange.of(`${number}/${protocol}`)),
    )
    .map((port) => ({
      ...{ flow, host, from, to, port, hook: isInput ? 'input' : 'forward' },
      packet: firstPacket({
        iifname: entries(host, from.network),
        oifname: isInput ? undefined : interfacesTo(host, to.network),
        protocol: one(PROTOCOLS.get(port.protocol)),
        saddr: one(from.ip.value),
        daddr: one(to.ip.value),
        sport: [[port.protocol === 'tcp' ? 1024 : 1, 65_535]],
        dport: one(port.first),
      }),
    }));
}
