import { networksOf } from '../../firewall/places.ts';
import type { Cluster, Flow, Network, Place } from '../../resolve/cluster.ts';
import { networksBySegment } from '../../resolve/segments.ts';
import { defineRule } from '../rule.ts';

export const flowWithinSegment = defineRule({
  id: 'flow-within-segment',
  severity: 'warning',
  docs: {
    summary: 'the firewall decides between networks that share a segment, where guests can go around it',
    why: 'Frames between two ports of one bridge never reach the host (with br_netfilter off). A guest that gives itself an address of the other network, or a route to it by its own interface, is past the firewall; an ICMP redirect (RFC 1122, section 3.2.2.2) sends even honest guests there.',
    help: 'Give each network a bridge of its own, or a VLAN on an Open vSwitch bridge. If the guests trust one another, waive the rule and say so.',
    fails: 'networks:\n  kube: { bridge: br0, mode: bridge, dhcp: null }',
    passes:
      'hypervisors:\n  kvm1: { bridges: { br0: { kind: openvswitch } } }\nnetworks:\n  kube: { bridge: br0, mode: bridge, vlan: 10, dhcp: null }',
  },
  *check(cluster) {
    const segments = networksBySegment(cluster).filter(({ length }) => length > 1);
    for (const segment of segments) {
      const joined = new Set(cluster.flows.flatMap((flow) => networksJoined(cluster, segment, flow)));
      const networks = segment.filter((network) => joined.has(network));
      // The one that needs the firewall: a hypervisor routes it.
      const behind = networks.find(({ router }) => router.hypervisor !== undefined);
      if (behind === undefined) continue;
      const names = networks.map(({ name }) => `"${name}"`);
      yield {
        at: [...behind.origin, 'bridge'],
        message: `${names.slice(0, -1).join(', ')} and ${names.at(-1)} are one segment: guests can go around what the firewall decides between them`,
        related: networks
          .filter((network) => network !== behind)
          .map(({ name, origin }) => ({ at: [...origin, 'bridge'], message: `"${name}" is on it, too` })),
        help: 'give each a bridge or, with Open vSwitch, a VLAN of its own',
      };
    }
  },
});

/** The networks of a segment that a flow goes between by way of a hypervisor, which routes one of them. */
function networksJoined(cluster: Cluster, segment: readonly Network[], { from, to }: Flow): Network[] {
  return cluster.hypervisors.flatMap((hypervisor) => {
    const isRouted = ({ router }: Network) => router.hypervisor === hypervisor;
    const among = (places: readonly Place[]) => {
      const networks = new Set(places.flatMap((place) => networksOf({ cluster, hypervisor }, place)));
      return segment.filter((network) => networks.has(network));
    };
    const targets = among(to);
    return among(from).flatMap((source) =>
      targets
        .filter((target) => source !== target && (isRouted(source) || isRouted(target)))
        .flatMap((target) => [source, target]),
    );
  });
}
