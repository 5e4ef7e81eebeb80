import { OUTSIDE, type Segment, type Topology } from './topology.ts';

/** The picture in words, for those who do not see it. */
export function describeTopology({ name, hosts, crossings }: Topology): {
  title: string;
  description: string;
} {
  const sentences = [
    ...hosts.flatMap((host) =>
      host.segments.map(
        (segment) => `${host.name} has the bridge ${segment.bridge}${describeSegment(segment)}.`,
      ),
    ),
    ...crossings.map(({ from, to, isMutual, flows }) => {
      const texts = flows.map(({ ports, text }) => `${ports} (${text})`).join(', ');
      return isMutual
        ? `${from.join(', ')} reach one another: ${texts}.`
        : `${from.join(', ')} may open to ${to.join(', ')}: ${texts}.`;
    }),
  ];
  return { title: `Topology of ${name}`, description: sentences.join(' ') };
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
