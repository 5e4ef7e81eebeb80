import type { Cluster, Network } from '../../resolve/cluster.ts';
import { groupBy } from '../../resolve/group-by.ts';
import { type FailedCheck, failedChecks } from '../failed-checks.ts';
import { type Failure, lostConnections, lostOf } from '../lost-connections.ts';
import { type Connection, nameConnections, needsOf, targetOf } from '../needed-connections.ts';
import { defineRule, type Violation } from '../rule.ts';

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
    for (const needs of needsWithoutRoute(cluster)) {
      const [first] = needs;
      if (first === undefined) continue;
      const { from, to, what } = first;
      yield {
        at: from.network.origin,
        part: 'key',
        message: `"${from.network.name}" has no route to "${to.network.name}" (${to.network.cidr}), and "${from.name}" needs ${what} of "${to.name}"`,
        related: [...causesOf(from.network, to.network), ...needsOf(needs)],
        help: helpFor(from.network, to.network),
      };
    }
  },
});

/** What needs a way there that is missing, then what needs one back; that between the same two networks together. */
function needsWithoutRoute(cluster: Cluster): Iterable<Connection[]> {
  const lost = [
    ...lostConnections(cluster),
    ...lostOf(cluster, nameConnections(cluster)),
    ...failedChecks(cluster).flatMap(betweenNetworks),
  ].filter(({ stop: { cause }, closed }) => cause?.by === 'routes' && closed === undefined);
  const needs = [...lost.filter(({ isAnswer }) => !isAnswer), ...lost.flatMap(answerTo)].filter(isCertain);
  return groupBy(needs, ({ from, to }) => [from.network.name, to.network.name].sort().join(' ')).values();
}

type Lost = Connection & Failure;

function betweenNetworks({ from, to, ...check }: FailedCheck): Lost[] {
  const { network } = to;
  return 'network' in from && network !== undefined ? [{ ...check, from, to: { ...to, network } }] : [];
}

function answerTo(lost: Lost): Lost[] {
  const { from, holder, isAnswer } = lost;
  const answer = { to: targetOf(from), what: 'to answer a question' };
  return isAnswer && holder !== undefined ? [{ ...lost, ...answer, from: holder }] : [];
}

/** A router outside may be said to know a way, and a host's own card may be unsaid. */
function isCertain({ stop: { cause }, to }: Lost): boolean {
  if (cause?.by !== 'routes') return false;
  return cause.machine.kind === 'outside'
    ? cause.network?.router.returnRoute !== true
    : to.network.router.hypervisor !== undefined;
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

function helpFor({ name, router, vlan, bridges: [bridge] }: Network, target: Network): string {
  const far = target.router.hypervisor?.name;
  if (router.hypervisor !== undefined)
    return `"${router.hypervisor.name}" and "${far}" need a network where both have an address: join their bridges under \`segments\``;
  const asks = `say \`returnRoute: true\` if ${router.ip} knows the way`;
  return vlan === undefined ? `give "${far}" an address on ${bridge?.name} in "${name}", or ${asks}` : asks;
}
