import type { Answer, Leg, Question } from '../reach/reach.ts';
import { stopOf } from '../reach/reach.ts';
import type { Host, Mark, NodeCard, Segment, Topology } from './topology.ts';

/** The way of a connection as a drawing shows it, in the names of machines. */
export interface Way {
  /** Who asks whom, and whether it is delivered. */
  readonly title: string;
  /** The machines that it comes by, in the order in which it meets them. */
  readonly lanes: readonly string[];
  readonly steps: readonly WayStep[];
  /** What stops it, and the machine that does, if one of them does. */
  readonly stop: { readonly text: string; readonly at: string | undefined } | undefined;
}

/** From one machine to the next, over a network. */
export interface WayStep {
  readonly from: string;
  readonly to: string;
  readonly network: string;
  readonly text: string;
}

export function wayOf({ from, to, protocol, port }: Question, answer: Answer): Way {
  const { question: there, answer: back } = answer;
  const steps = [...stepsOf(there, ''), ...(back === undefined ? [] : stepsOf(back, 'back '))];
  const stop = stopOf(answer);
  const service = protocol === 'icmp' ? 'ping' : `${protocol} ${port}`;
  const verdict = stop === undefined ? 'delivered' : 'not delivered';
  const at = (there.stop === undefined ? back : there)?.stoppedAt?.name;
  return {
    title: `from ${from.name} to ${to}, ${service}: ${verdict}`,
    lanes: [...new Set([from.name, ...steps.flatMap((step) => [step.from, step.to]), ...(at ? [at] : [])])],
    steps,
    stop: stop && { text: `Stopped: ${stop.message}`, at },
  };
}

function stepsOf({ hops, stoppedAt }: Leg, prefix: string): WayStep[] {
  return hops.flatMap(({ machine, card, via, saddr, daddr }, index) => {
    const next = hops[index + 1]?.machine ?? stoppedAt;
    if (card === undefined || next === undefined || next === machine) return [];
    const by = via === undefined ? '' : ` by ${via}`;
    const text = `${prefix}on ${card.network.name}${by}: ${saddr} to ${daddr}`;
    return [{ from: machine.name, to: next.name, network: card.network.name, text }];
  });
}

/** The same drawing with the machines and bridges of a way marked, and the way itself instead of what crosses. */
export function withWay(topology: Topology, way: Way): Topology {
  return { ...topology, hosts: topology.hosts.map((host) => markedHost(host, way)), way };
}

function markedHost(host: Host, way: Way): Host {
  const used = new Set(way.steps.map(({ network }) => network));
  return {
    ...host,
    segments: host.segments.map((segment) => ({
      ...segment,
      ...(segment.networks.some(({ name }) => used.has(name)) ? markOf(host.name, way) : {}),
      networks: segment.networks.map((network) => ({
        ...network,
        router:
          used.has(network.name) && isOutsideOn(way)
            ? { ...network.router, ...markOf('outside', way) }
            : network.router,
        groups: network.groups.map((group) => ({
          ...group,
          nodes: group.nodes.map((node) => markedCard(node, way)),
        })),
      })),
    })),
  };
}

function isOutsideOn({ lanes }: Way): boolean {
  return lanes.includes('outside');
}

function markedCard(node: NodeCard, way: Way): NodeCard {
  return way.lanes.includes(node.name) ? { ...node, ...markOf(node.name, way) } : node;
}

function markOf(machine: string, { stop }: Way): { readonly mark: Mark } {
  return { mark: stop?.at === machine ? 'stop' : 'way' };
}

/** What a drawing has for a machine of a way that is on a network: a node's card, a hypervisor's bridge, or what is outside. */
export type WayEnd =
  | { readonly kind: 'card'; readonly id: string }
  | { readonly kind: 'bridge'; readonly host: Host; readonly segment: Segment }
  | { readonly kind: 'outside' };

export function wayEnd({ hosts }: Topology, machine: string, network: string): WayEnd {
  const segments = hosts.flatMap((host) => host.segments.map((segment) => ({ host, segment })));
  const cards = segments.flatMap(({ segment }) => segment.networks.flatMap(({ groups }) => groups));
  const card = cards.flatMap(({ nodes }) => nodes).find(({ name }) => name === machine);
  if (card !== undefined) return { kind: 'card', id: card.id };
  const bridge = segments.find(
    ({ host, segment }) => host.name === machine && segment.networks.some(({ name }) => name === network),
  );
  return bridge === undefined ? { kind: 'outside' } : { kind: 'bridge', ...bridge };
}
