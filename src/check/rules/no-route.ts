import { addressIn } from '../../resolve/addressing.ts';
import type { Cluster, Network } from '../../resolve/cluster.ts';
import {
  type Connection,
  checkedConnections,
  nameConnections,
  neededConnections,
  needsOf,
} from '../needed-connections.ts';
import { defineRule, type Violation } from '../rule.ts';
import { wayTo } from '../way.ts';

type Related = NonNullable<Violation['related']>;

export const noRoute = defineRule({
  id: 'no-route',
  severity: 'error',
  docs: {
    summary: 'a network has no route to another one that its nodes need',
    why: "A router that knows no route answers Network Unreachable, or sends the packets to its own default gateway, which loses them (RFC 1812, 5.2.7.1). Nodes beside a router outside are given routes through the hypervisor's address in their own network, and hypervisors through each other's where they meet: a next hop has to be on the link. Where there is no such address, only the router can know the way.",
    help: 'Give the hypervisor an address on the bridge, put both ends into one network, or, where the router has the routes, say so: `router: { owner: outside, returnRoute: true }`.',
    fails: `hypervisors:
  kvm1: { bridges: { br1: { uplink: eno2 } } }
networks:
  dmz: { cidr: 192.168.9.0/24, bridge: br1, mode: bridge, router: { owner: outside } }
nodes:
  lb1: { network: dmz, ip: 192.168.9.50 }
  lb2: { network: dmz, ip: 192.168.9.51 }
vips:
  api: { ip: 192.168.9.55 }`,
    passes: `hypervisors:
  kvm1: { bridges: { br1: { uplink: eno2 } } }
networks:
  dmz: { cidr: 192.168.9.0/24, bridge: br1, mode: bridge, router: { owner: outside, returnRoute: true } }
nodes:
  lb1: { network: dmz, ip: 192.168.9.50 }
  lb2: { network: dmz, ip: 192.168.9.51 }
vips:
  api: { ip: 192.168.9.55 }`,
  },
  *check(cluster) {
    for (const connections of lost(cluster)) {
      const [first] = connections;
      if (first === undefined) continue;
      const { from, to, what } = first;
      yield {
        at: from.network.origin,
        part: 'key',
        message: `"${from.network.name}" has no route to "${to.network.name}" (${to.network.cidr}), and "${from.name}" needs ${what} of "${to.name}"`,
        related: [...causesOf(from.network, to.network), ...needsOf(connections)],
        help: helpFor(from.network, to.network),
      };
    }
  },
});

/** Connections without a way, those between the same two networks together. */
function lost(cluster: Cluster): Iterable<Connection[]> {
  const pairs = new Map<string, Connection[]>();
  const needed = neededConnections(cluster);
  const connections = [
    ...needed,
    ...needed.flatMap((connection) => answersTo(cluster, connection)),
    ...checkedConnections(cluster),
    ...nameConnections(cluster),
  ];
  for (const connection of connections) {
    const { from, to } = connection;
    const { leaves, refusedBy } = wayTo(cluster, from, to.network);
    if (leaves !== undefined || refusedBy !== undefined) continue;
    const pair = [from.network.name, to.network.name].sort().join(' ');
    pairs.set(pair, [...(pairs.get(pair) ?? []), connection]);
  }
  return pairs.values();
}

/** Where the way is not said, and where it could be. */
function causesOf({ name, router, bridges }: Network, { router: { hypervisor: far } }: Network): Related {
  const meeting = bridges.find(({ hypervisor }) => hypervisor === far);
  const bridge = far?.bridges.find((candidate) => candidate.name === meeting?.name);
  return [
    ...(router.hypervisor === undefined
      ? [{ at: ['networks', name, 'router'], message: 'its router knows no way there' }]
      : []),
    ...(bridge !== undefined && bridge.ip === undefined
      ? [{ at: bridge.origin, message: `"${far?.name}" has no address here` }]
      : []),
  ];
}

/** The way back: what a hypervisor does not give an address of its own is answered where it is from. */
function answersTo({ networks }: Cluster, { from, to, at }: Connection): Connection[] {
  const host = from.network.router.hypervisor;
  const isOutside = ({ router }: Network) => router.hypervisor === undefined;
  if (host === undefined || from.network.mode === 'nat' || !isOutside(to.network)) return [];
  const met = networks.filter((network) => isOutside(network) && addressIn(network, host) !== undefined);
  // Where a router beside the hypervisor knows no way back, what leaves there is masqueraded.
  if (met.some(({ router }) => !router.returnRoute)) return [];
  const asking = { name: from.name, network: from.network, holders: [from] };
  return to.holders
    .slice(0, 1)
    .map((holder) => ({ from: holder, to: asking, what: 'to answer a question', at }));
}

function helpFor({ name, router, vlan, bridges: [bridge] }: Network, target: Network): string {
  const far = target.router.hypervisor?.name;
  if (router.hypervisor !== undefined)
    return `"${router.hypervisor.name}" and "${far}" need a network where both have an address: join their bridges under \`segments\``;
  const asks = `say \`returnRoute: true\` if ${router.ip} knows the way`;
  return vlan === undefined ? `give "${far}" an address on ${bridge?.name} in "${name}", or ${asks}` : asks;
}
