import { type Finding, formatPath, type Path } from '../diagnostics/diagnostic.ts';
import type { Ipv4 } from '../net/ipv4.ts';
import type { Service } from '../reach/needs.ts';
import { primaryCard } from '../resolve/cards.ts';
import type { Cluster, Flow, Hypervisor, Network, Node, Place } from '../resolve/cluster.ts';
import { firstOfEach } from '../resolve/group-by.ts';
import { oncePer, oncePerCluster } from '../resolve/once-per-cluster.ts';
import { nodesAt } from '../resolve/resolve-places.ts';

/** A connection that has to stand; what the cluster needs is between nodes, what is checked need not be. */
export interface Connection<From = Node, In = Network> extends Service {
  readonly from: From;
  readonly to: Target<In>;
  /** What is opened, for messages. */
  readonly what: string;
  /** Where the model says that it is needed. */
  readonly at: Path;
}

/** Any connection, to the outside as well. */
export type AnyConnection = Connection<Node | Hypervisor, Network | undefined>;

/** Something with one address. */
export interface Target<In = Network> {
  readonly name: string;
  readonly network: In;
  readonly ip: Ipv4;
  /** The nodes that have the address, or can have it. */
  readonly holders: readonly Node[];
}

/** Every node that runs Kubernetes has one (kubernetes.io, "Ports and Protocols"). */
const KUBELET = 10_250;

/**
 * What derived flows say that a cluster lives on: members open to backends, Kubernetes nodes to one another and to the API's
 * virtual IP, and masters to their datastore. Of nodes whose cards are in the same networks the first stands for all: they
 * have one way.
 */
export const neededConnections = oncePerCluster((cluster) =>
  cluster.flows.flatMap((flow) => neededBy(cluster, flow)),
);

function neededBy(cluster: Cluster, { from, to, ports: [range], neededAt: at }: Flow): Connection[] {
  if (at === undefined || range === undefined || !['vips', 'kubernetes'].includes(`${at[0]}`)) return [];
  const { first: port, protocol } = range;
  // All that nodes need of one another has one way.
  const isAmongNodes = at.length === 1;
  if (isAmongNodes && port !== KUBELET) return [];
  const what = isAmongNodes ? 'the kubelet and pods' : `port ${port}`;
  const sources = oneOfEach(from.flatMap((place) => oneOfEach(nodesAt(cluster, place))));
  return to
    .flatMap((place) => targetsAt(cluster, place))
    .flatMap((target) =>
      sources
        .filter((source) => !target.holders.includes(source))
        .map((source) => ({
          ...{ from: source, to: target, protocol, port, what },
          at: isAmongNodes ? target.holders.flatMap(homeOf) : at,
        })),
    );
}

function targetsAt(cluster: Cluster, place: Place): Target[] {
  if (place.kind !== 'vip') return oneOfEach(nodesAt(cluster, place)).map(targetOf);
  const { name, network, ip, members } = place.vip;
  const able = members.filter(({ nic }) => nic.network === network);
  return [{ name, network, ip, holders: able.map(({ node }) => node) }];
}

/** Where the model says which network a node is in. */
function homeOf(node: Node): Path {
  return [...primaryCard(node).origin, 'network'];
}

/** What nodes ask of the nodes that are their name servers. */
export function nameConnections({ nodes, networks }: Cluster): Connection[] {
  const asked = new Set(networks.flatMap(({ dns }) => dns.map(({ value }) => value)));
  const holders = new Map(nodes.filter(({ ip }) => asked.has(ip.value)).map((node) => [node.ip.value, node]));
  return oneOfEach(nodes).flatMap((from) =>
    from.network.dns.flatMap((server, index): Connection[] => {
      const holder = holders.get(server.value);
      // It is everybody's because it provides that, or it is said.
      const at = holder?.provides.includes('dns')
        ? [...holder.origin, 'provides']
        : [...from.network.origin, 'dns', index];
      const asked = { protocol: 'udp', port: 53, what: 'DNS' } as const;
      return holder === undefined || holder === from ? [] : [{ from, to: targetOf(holder), ...asked, at }];
    }),
  );
}

export function targetOf(node: Node): Target {
  return { name: node.name, network: node.network, ip: node.ip, holders: [node] };
}

/** The first of the nodes with cards in the same networks. */
export const oneOfEach = oncePer((nodes: readonly Node[]) =>
  firstOfEach(nodes, ({ network, nics }) =>
    nics.length < 2 ? network.name : nics.map((nic) => nic.network.name).join(' '),
  ),
);

/** The ends of the first of some connections, and where each of them is needed. */
export function needsOf(connections: readonly Connection[]): NonNullable<Finding['related']> {
  const [first] = connections;
  if (first === undefined) return [];
  const ends = [first.from, ...first.to.holders.slice(0, 1)].map((node) => ({
    at: homeOf(node),
    message: `"${node.name}" is here`,
  }));
  const needs = connections.map(({ at, to, what }) => ({
    at,
    message: `needed here: ${what} of "${to.name}"`,
  }));
  return firstOfEach([...ends, ...needs], ({ at }) => formatPath(at)).slice(0, 5);
}
