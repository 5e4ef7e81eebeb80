import { type Finding, formatPath, type Path } from '../diagnostics/diagnostic.ts';
import { hasCardIn, primaryCard } from '../resolve/cards.ts';
import type { Cluster, Network, Node, Place } from '../resolve/cluster.ts';
import { masterPlaces } from '../resolve/derive-flows.ts';
import { firstOfEach } from '../resolve/group-by.ts';
import { nameOf } from '../resolve/name-of.ts';
import { oncePerCluster } from '../resolve/once-per-cluster.ts';
import { builtInPlace, machinesOf } from '../resolve/resolve-places.ts';

/** A connection that a cluster cannot do without. */
export interface Connection {
  readonly from: Node;
  readonly to: Target;
  /** What is opened, for messages. */
  readonly what: string;
  /** Where the model says that it is needed. */
  readonly at: Path;
}

/** Something with one address. */
export interface Target {
  readonly name: string;
  readonly network: Network;
  /** The nodes that have the address, or can have it. */
  readonly holders: readonly Node[];
}

/**
 * What members open to backends, Kubernetes nodes to one another and to the API's virtual IP, and masters to their
 * datastore. Of nodes whose cards are in the same networks the first stands for all: they have one way.
 */
export const neededConnections = oncePerCluster(findNeeded);

function findNeeded({ vips, nodes, roles, kubernetes }: Cluster): Connection[] {
  const cluster = oneOfEach(nodesIn([builtInPlace(nodes, 'kubernetes')]));
  const connect = (from: readonly Node[], to: readonly Target[], why: Pick<Connection, 'what' | 'at'>) =>
    from.flatMap((source) =>
      to
        .filter(({ holders }) => !holders.includes(source))
        .map((target) => ({ from: source, to: target, ...why })),
    );
  const toFrontends = vips.flatMap(({ name, network, origin, members, frontends }) => {
    const able = members.filter(({ nic }) => nic.network === network).map(({ node }) => node);
    return frontends.flatMap(({ backends, backendPort, check, port, origin: at }) => [
      ...connect(oneOfEach(able), oneOfEach(backends.nodes).map(targetOf), {
        what: `port ${backendPort}`,
        at: [...at, 'backends', 'role'],
      }),
      ...(check === 'readyz'
        ? connect(cluster, [{ name, network, holders: able }], {
            what: `port ${port}`,
            at: [...origin, 'ip'],
          })
        : []),
    ]);
  });
  const amongNodes = cluster.flatMap((node) =>
    connect(cluster, [targetOf(node)], {
      what: 'the kubelet and pods',
      at: [...primaryCard(node).origin, 'network'],
    }),
  );
  const datastore = nodesIn(kubernetes.datastore?.at ?? []).map(targetOf);
  const toDatastore = connect(oneOfEach(nodesIn(masterPlaces(roles))), datastore, {
    what: `port ${kubernetes.datastore?.port}`,
    at: ['kubernetes', 'datastore', 'at'],
  });
  return [...toFrontends, ...amongNodes, ...toDatastore];
}

/** What nodes ask of the nodes that are their name servers. */
export function nameConnections({ nodes }: Cluster): Connection[] {
  const holders = new Map(nodes.map((node) => [node.ip.value, node]));
  return oneOfEach(nodes).flatMap((from) =>
    from.network.dns.flatMap((server, index): Connection[] => {
      const holder = holders.get(server.value);
      // It is everybody's because it provides that, or it is said.
      const at = holder?.provides.includes('dns')
        ? [...holder.origin, 'provides']
        : [...from.network.origin, 'dns', index];
      return holder === undefined || holder === from ? [] : [{ from, to: targetOf(holder), what: 'DNS', at }];
    }),
  );
}

/** What is verified from nodes to nodes and virtual IPs because the model says so; of those into one network the first stands for all. */
export function checkedConnections(cluster: Cluster): Connection[] {
  const seen = new Set<string>();
  const sourcesOf = sourcesIn(cluster);
  return cluster.verifications.flatMap(({ from, to, origin }): Connection[] => {
    if (origin === undefined) return [];
    return machinesOf(to).flatMap((machine): Connection[] => {
      if (machine.kind !== 'node' && machine.kind !== 'vip') return [];
      const target = machine.kind === 'node' ? targetOf(machine.node) : { ...machine.vip, holders: [] };
      const key = `${nameOf(from)} ${target.network.name}`;
      if (seen.has(key)) return [];
      seen.add(key);
      return sourcesOf(from).map((source) => ({ from: source, to: target, what: 'an answer', at: origin }));
    });
  });
}

/** Finds one node for each way that connections leave a place by. Many entries of a model start at the same place. */
export function sourcesIn({ nodes }: Cluster): (place: Place) => readonly Node[] {
  const known = new Map<string, readonly Node[]>();
  return (place) => {
    const name = nameOf(place);
    const sources = known.get(name) ?? oneOfEach(nodesAt({ nodes }, place));
    known.set(name, sources);
    return sources;
  };
}

function targetOf(node: Node): Target {
  return { name: node.name, network: node.network, holders: [node] };
}

function nodesIn(places: readonly Place[]): Node[] {
  return places.flatMap(machinesOf).flatMap((place) => (place.kind === 'node' ? [place.node] : []));
}

/** The nodes that a place is, or that have a card in it. */
export function nodesAt({ nodes }: Pick<Cluster, 'nodes'>, place: Place): readonly Node[] {
  if (place.kind === 'node') return [place.node];
  if (place.kind === 'role') return place.role.nodes;
  return nodes.filter((node) => place.kind === 'network' && hasCardIn(node, place.network));
}

/** The first of the nodes with cards in the same networks. */
function oneOfEach(nodes: readonly Node[]): Node[] {
  return firstOfEach(nodes, ({ nics }) => nics.map(({ network }) => network.name).join(' '));
}

/** The ends of the first of some connections, and where each of them is needed. */
export function needsOf(connections: readonly Connection[]): NonNullable<Finding['related']> {
  const [first] = connections;
  if (first === undefined) return [];
  const ends = [first.from, ...first.to.holders.slice(0, 1)].map((node) => ({
    at: [...primaryCard(node).origin, 'network'],
    message: `"${node.name}" is here`,
  }));
  const needs = connections.map(({ at, to, what }) => ({
    at,
    message: `needed here: ${what} of "${to.name}"`,
  }));
  return firstOfEach([...ends, ...needs], ({ at }) => formatPath(at)).slice(0, 5);
}
