import { type Crossing, OUTSIDE, type Segment, type Topology } from './topology.ts';
import type { Way } from './way.ts';

/** The picture in words, for those who do not see it. */
export function describeTopology({ name, hosts, crossings, way }: Topology): {
  title: string;
  description: string;
} {
  const sentences = [
    ...hosts.flatMap((host) =>
      host.segments.map(
        (segment) => `${host.name} has the bridge ${segment.bridge}${describeSegment(segment)}.`,
      ),
    ),
    ...(way === undefined ? crossings.map(describeCrossing) : [describeWay(way)]),
  ];
  return { title: `Topology of ${name}`, description: sentences.join(' ') };
}

function describeCrossing({ from, to, isMutual, flows }: Crossing): string {
  const texts = flows.map(({ ports, text }) => `${ports} (${text})`).join(', ');
  return isMutual
    ? `${from.join(', ')} reach one another: ${texts}.`
    : `${from.join(', ')} may open to ${to.join(', ')}: ${texts}.`;
}

function describeWay({ title, lanes, stop }: Way): string {
  return `The way ${title}, by ${lanes.join(', ')}.${stop === undefined ? '' : ` ${stop.text}.`}`;
}

function describeSegment({ uplink, joined, networks }: Segment): string {
  const parts = [
    ...joined.map((bridge) => `one LAN with ${bridge}`),
    ...(uplink === undefined ? [] : [`to the ${OUTSIDE} by ${uplink}`]),
    ...networks.map(({ name, cidr, groups }) => {
      const nodes = groups.reduce((sum, group) => sum + group.nodes.length, 0);
      const vips = groups.flatMap((group) => group.vips.map((vip) => `, VIP ${vip.name} ${vip.ip}`));
      return `network ${name} ${cidr} (${nodes === 1 ? '1 node' : `${nodes} nodes`}${vips.join('')})`;
    }),
  ];
  return parts.length === 0 ? '' : `: ${parts.join('; ')}`;
}
