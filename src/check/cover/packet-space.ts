import type { Ipv4 } from '../../net/ipv4.ts';
import type { PortRange } from '../../net/port-range.ts';
import type { Cluster, Flow, Hypervisor, Network, Place, Role } from '../../resolve/cluster.ts';
import { isKubernetesNode } from '../../resolve/resolve-nodes.ts';
import { rangesOf } from '../../resolve/subnets.ts';
import type { Box } from './boxes.ts';
import { type Span, type Spans, spansOf, without } from './spans.ts';

const ADDRESSES = 2 ** 32;

/**
 * Numbers for all who can send or take a packet, so that sets of them are spans. The addresses outside come first, then
 * those of each network: the same range at two sites is two. Then each role's next node on each network where it has some,
 * because a role stands for the nodes to come, too; a network holds them, whatever address they will have. Then the hypervisors: packets to them pass another chain than those to
 * a network around them.
 */
export class PacketSpace {
  readonly #start: ReadonlyMap<Network, number>;
  readonly #ranges: Spans;
  readonly #next: readonly { role: Role; network: Network; span: Span }[];
  readonly #hypervisors: ReadonlyMap<Hypervisor, Span>;

  constructor({ networks, roles, hypervisors }: Pick<Cluster, 'networks' | 'roles' | 'hypervisors'>) {
    this.#start = new Map(networks.map((network, index) => [network, (index + 1) * ADDRESSES]));
    this.#ranges = spansOf(
      networks.flatMap(rangesOf).map(({ network, last }) => [network.value, last.value]),
    );
    let free = (networks.length + 1) * ADDRESSES;
    const one = (): Span => {
      free += 2; // apart from the one before
      return [free, free];
    };
    this.#next = roles.flatMap((role) => networksOf(role).map((network) => ({ role, network, span: one() })));
    this.#hypervisors = new Map(hypervisors.map((hypervisor) => [hypervisor, one()]));
  }

  /** The packets that open connections from some places to others, as far as they are certain. */
  boxOf({ from, to, ports }: Pick<Flow, 'from' | 'to' | 'ports'>): Box {
    const all = (places: readonly Place[]) => spansOf(places.flatMap((place) => this.#spansOf(place)));
    return {
      from: all(from),
      to: all(to),
      ports: ports.length === 0 ? ALL_PORTS : spansOf(ports.map(portSpan)),
    };
  }

  /** The same with those of nodes to come, which a flow between networks lets pass as well. */
  boxWithNext(flow: Pick<Flow, 'from' | 'to' | 'ports'>): Box {
    const { from, to, ports } = this.boxOf(flow);
    const next = (places: readonly Place[]) => places.flatMap((place) => this.#nextIn(place));
    return { from: spansOf([...from, ...next(flow.from)]), to: spansOf([...to, ...next(flow.to)]), ports };
  }

  #spansOf(place: Place): Spans {
    switch (place.kind) {
      case 'node':
        return place.node.nics.map((nic) => this.#address(nic));
      case 'role':
        return [
          ...place.role.nodes.flatMap(({ nics }) => nics.map((nic) => this.#address(nic))),
          ...this.#next.filter(({ role }) => isPartOf(role, place.role)).map(({ span }) => span),
        ];
      case 'network':
        return this.#inNetwork(place.network, [0, ADDRESSES - 1]);
      case 'vip':
        return [this.#address(place.vip)];
      case 'hypervisor':
        return [this.#hypervisors.get(place.hypervisor) ?? [0, -1]];
      case 'address': {
        const span: Span = [place.cidr.network.value, place.cidr.last.value];
        const inside = [...this.#start.keys()].flatMap((network) => this.#inNetwork(network, span));
        return [...inside, ...without([span], this.#ranges)];
      }
      case 'internet':
        return without([[0, ADDRESSES - 1]], this.#ranges);
    }
  }

  #address({ ip, network }: { readonly ip: Ipv4; readonly network: Network }): Span {
    const value = (this.#start.get(network) ?? 0) + ip.value;
    return [value, value];
  }

  #inNetwork(network: Network, [first, last]: Span): Spans {
    const start = this.#start.get(network) ?? 0;
    return rangesOf(network)
      .map((cidr): Span => [Math.max(first, cidr.network.value), Math.min(last, cidr.last.value)])
      .filter(([from, to]) => from <= to)
      .map(([from, to]): Span => [start + from, start + to]);
  }

  /** The nodes to come on networks that are wholly in a place. */
  #nextIn(place: Place): Spans {
    const isIn = (network: Network) =>
      place.kind === 'network'
        ? place.network === network
        : place.kind === 'address' &&
          rangesOf(network).every(
            (cidr) => place.cidr.contains(cidr.network) && place.cidr.contains(cidr.last),
          );
    return this.#next.filter(({ network }) => isIn(network)).map(({ span }) => span);
  }
}

/** Two protocols with their ports, and one number for all that have none. */
const UDP = 2 ** 16;
const ALL_PORTS: Spans = [[0, 2 * UDP]];

function portSpan({ first, last, protocol }: PortRange): Span {
  const start = protocol === 'udp' ? UDP : 0;
  return [start + first, start + last];
}

function networksOf({ nodes }: Role): Network[] {
  return [...new Set(nodes.flatMap(({ nics }) => nics.map(({ network }) => network)))];
}

/** Whether the nodes of a role are nodes of another one, whatever they will be. */
function isPartOf(role: Role, whole: Role): boolean {
  if (whole.name === 'nodes') return true;
  if (whole.name === 'kubernetes') return isKubernetesNode({ roles: [role.name] });
  return role.name === whole.name;
}
