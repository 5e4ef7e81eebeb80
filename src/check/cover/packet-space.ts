import type { Crossing } from '../../firewall/places.ts';
import type { Cidr } from '../../net/cidr.ts';
import type { Ipv4 } from '../../net/ipv4.ts';
import type { PortRange } from '../../net/port-range.ts';
import { addressIn } from '../../resolve/addressing.ts';
import type { Cluster, Flow, Hypervisor, Network, Place, Role } from '../../resolve/cluster.ts';
import { networksOfRole } from '../../resolve/networks-in.ts';
import { isKubernetesNode } from '../../resolve/resolve-nodes.ts';
import { rangesOf } from '../../resolve/subnets.ts';
import type { Box } from './boxes.ts';
import { common, type Span, type Spans, spansOf, without } from './spans.ts';

/** What a flow lets pass. */
type Opening = Pick<Flow, 'from' | 'to' | 'ports'>;

/** Nodes that a role can have on a network one day. */
interface NextNodes {
  readonly role: Role;
  readonly network: Network;
  readonly start: number;
}

const ADDRESSES = 2 ** 32;
const EVERYWHERE: Span = [0, ADDRESSES - 1];
const NOWHERE: Span = [0, -1];

/**
 * Numbers for all who can send or take a packet, so that sets of them are spans. The addresses outside come first, then
 * those of each network: the same range at two sites is two. Then once more those of each network for each role that has
 * nodes there: its nodes to come, since a role stands for them, too. Then each hypervisor as the end of a connection: its
 * input chain knows nothing of the networks that its addresses are in.
 */
export class PacketSpace {
  readonly #start: ReadonlyMap<Network, number>;
  readonly #ranges: Spans;
  readonly #next: readonly NextNodes[];
  readonly #ends: ReadonlyMap<Hypervisor, number>;
  /** What was worked out: flows name the same places again and again. */
  readonly #places = new Map<Place | Role, Spans>();
  readonly #networks = new Map<Network, Spans>();

  constructor({ networks, roles, hypervisors }: Pick<Cluster, 'networks' | 'roles' | 'hypervisors'>) {
    let taken = 0;
    const room = () => {
      taken += ADDRESSES;
      return taken;
    };
    this.#start = new Map(networks.map((network) => [network, room()]));
    this.#ranges = spansOf(
      networks.flatMap(rangesOf).map(({ network, last }) => [network.value, last.value]),
    );
    this.#next = roles.flatMap((role) =>
      networksOfRole(role).map((network) => ({ role, network, start: room() })),
    );
    this.#ends = new Map(hypervisors.map((hypervisor) => [hypervisor, room()]));
  }

  /** All packets that a flow lets pass. */
  boxOf(flow: Opening): Box {
    const all = (places: readonly Place[]) => [...this.#known(places), ...this.#nextInside(places)];
    const ends = flow.to.flatMap((place) => this.#endOf(place));
    return boxed({ from: all(flow.from), to: [...all(flow.to), ...ends], ports: flow.ports });
  }

  /**
   * Those of them that go from one network to another; undefined stands for the outside. Nodes to come need no flow to
   * their network: what holds all its free addresses holds theirs.
   */
  boxBetween([source, target]: Crossing, { from, to, ports }: Opening): Box {
    return {
      from: common(this.#known(from), this.#allOf(source)),
      to: common(this.#known(to), this.#allOf(target)),
      ports: portSpans(ports),
    };
  }

  /** Those of them that are to a hypervisor itself. */
  boxInto(hypervisor: Hypervisor, { from, ports }: Opening): Box {
    return boxed({ from: this.#known(from), to: this.#endOf({ kind: 'hypervisor', hypervisor }), ports });
  }

  #endOf(place: Place): Spans {
    const end = place.kind === 'hypervisor' ? this.#ends.get(place.hypervisor) : undefined;
    return end === undefined ? [] : [[end, end]];
  }

  #known(places: readonly Place[]): Spans {
    const [only, ...others] = places.map((place) => {
      const key = place.kind === 'role' ? place.role : place;
      const spans = this.#places.get(key) ?? spansOf(this.#addressesOf(place));
      this.#places.set(key, spans);
      return spans;
    });
    return only === undefined || others.length > 0 ? spansOf([only ?? [], ...others].flat()) : only;
  }

  /** The nodes to come that will be in a network or range of addresses. */
  #nextInside(places: readonly Place[]): Spans {
    return places.flatMap((place) =>
      this.#next.flatMap(({ network, start }) => inNetwork(network, start, spanIn(place, network))),
    );
  }

  #addressesOf(place: Place): Spans {
    switch (place.kind) {
      case 'node':
        return place.node.nics.map((nic) => this.#address(nic));
      case 'role':
        return [
          ...place.role.nodes.flatMap(({ nics }) => nics).map((nic) => this.#address(nic)),
          ...this.#next
            .filter(({ role }) => isPartOf(role, place.role))
            .flatMap(({ network, start }) => inNetwork(network, start, EVERYWHERE)),
        ];
      case 'network':
        return this.#inside(place.network, place);
      case 'vip':
        return [this.#address(place.vip)];
      case 'hypervisor':
        return [...this.#start.keys()].flatMap((network) =>
          addressesIn(network, place.hypervisor).map((ip) => this.#address({ ip, network })),
        );
      case 'address': {
        const inside = [...this.#start.keys()].flatMap((network) => this.#inside(network, place));
        return [...inside, ...without([spanOf(place.cidr)], this.#ranges)];
      }
      case 'internet':
        return without([EVERYWHERE], this.#ranges);
    }
  }

  #address({ ip, network }: { readonly ip: Ipv4; readonly network: Network }): Span {
    const value = (this.#start.get(network) ?? 0) + ip.value;
    return [value, value];
  }

  #inside(network: Network, place: Place): Spans {
    return inNetwork(network, this.#start.get(network) ?? 0, spanIn(place, network));
  }

  #allOf(network: Network | undefined): Spans {
    if (network === undefined) return [EVERYWHERE];
    const place: Place = { kind: 'network', network };
    const all =
      this.#networks.get(network) ?? spansOf([...this.#inside(network, place), ...this.#nextInside([place])]);
    this.#networks.set(network, all);
    return all;
  }
}

function boxed({ from, to, ports }: { from: Spans; to: Spans; ports: Opening['ports'] }): Box {
  return {
    from: spansOf(from),
    to: spansOf(to),
    ports: portSpans(ports),
  };
}

function portSpans(ports: Opening['ports']): Spans {
  return ports.length === 0 ? ALL_PORTS : spansOf(ports.map(portSpan));
}

function spanOf({ network, last }: Cidr): Span {
  return [network.value, last.value];
}

/** What a network, or a range of addresses, has of a network: a part of all addresses. */
function spanIn(place: Place, network: Network): Span {
  if (place.kind === 'address') return spanOf(place.cidr);
  return place.kind === 'network' && place.network === network ? EVERYWHERE : NOWHERE;
}

/** Two protocols with their ports, and one number for all that have none. */
const UDP = 2 ** 16;
const ALL_PORTS: Spans = [[0, 2 * UDP]];

function portSpan({ first, last, protocol }: PortRange): Span {
  const start = protocol === 'udp' ? UDP : 0;
  return [start + first, start + last];
}

/** The addresses of a network in a span, counted from a start. */
function inNetwork(network: Network, start: number, [first, last]: Span): Spans {
  return rangesOf(network)
    .map((cidr): Span => [Math.max(first, cidr.network.value), Math.min(last, cidr.last.value)])
    .filter(([from, to]) => from <= to)
    .map(([from, to]): Span => [start + from, start + to]);
}

/** The addresses of a hypervisor in a network: as its router one in each range. */
function addressesIn(network: Network, hypervisor: Hypervisor): Ipv4[] {
  if (network.router.hypervisor === hypervisor) return network.subnets.map(({ router }) => router);
  const own = addressIn(network, hypervisor);
  return own === undefined ? [] : [own];
}

/** Whether the nodes of a role are nodes of another one, whatever they will be. */
function isPartOf(role: Role, whole: Role): boolean {
  if (whole.name === 'nodes') return true;
  if (whole.name === 'kubernetes') return isKubernetesNode({ roles: [role.name] });
  return role.name === whole.name;
}
