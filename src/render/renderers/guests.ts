import { nodeRoutes } from '../../resolve/addressing.ts';
import type { Cluster, Node } from '../../resolve/cluster.ts';
import { OPERATING_SYSTEMS } from '../../resolve/operating-system.ts';
import { defineRenderer } from '../renderer.ts';

export const cloudInitGuests = defineRenderer({
  id: 'cloud-init-guests',
  template: 'guests/[node]/network-config.njk',
  *jobs(cluster) {
    yield* guestJobs(cluster, (node) => OPERATING_SYSTEMS[node.os].family !== 'flatcar');
  },
});

export const networkdGuests = defineRenderer({
  id: 'networkd-guests',
  template: 'guests/[node]/10-static.network.njk',
  *jobs(cluster) {
    yield* guestJobs(cluster, (node) => OPERATING_SYSTEMS[node.os].family === 'flatcar');
  },
});

function* guestJobs(cluster: Cluster, isWanted: (node: Node) => boolean) {
  for (const node of cluster.nodes) {
    if (node.addressing === 'static' && isWanted(node)) {
      yield { params: { node: node.name }, view: guestView(cluster, node) };
    }
  }
}

function guestView(cluster: Cluster, node: Node) {
  const { name, network, ip } = node;
  const { firstInterface } = OPERATING_SYSTEMS[node.os];
  const routes = nodeRoutes(cluster, node).map(({ to, via }) => ({ to: to.toString(), via: via.toString() }));
  return {
    name,
    interface: node.interface ?? firstInterface,
    match: matchOf(node),
    address: `${ip}/${network.cidr.prefix}`,
    // Every renderer of cloud-init knows 0.0.0.0/0, not every one knows "default".
    routes: [{ to: '0.0.0.0/0', via: network.router.ip.toString() }, ...routes],
    dns: network.dns.map(String),
    domain: cluster.domain,
  };
}

/** How the guest knows its network card: by MAC address, by the name that is said, or as its only Ethernet card. */
function matchOf({ mac, interface: name, os }: Node): { macaddress: string; name: string } {
  if (mac !== undefined) return { macaddress: mac.toString(), name: '' };
  // EL9's renderer knows no patterns; there the interface is the one that the file names.
  const isByName = OPERATING_SYSTEMS[os].family === 'el9';
  return { macaddress: '', name: name ?? (isByName ? '' : 'e*') };
}
