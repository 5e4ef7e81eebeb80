import { dnsServersOf, nodeRoutes } from '../../resolve/addressing.ts';
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
  const { firstInterface, family } = OPERATING_SYSTEMS[node.os];
  const routes = nodeRoutes(cluster, node).map(({ to, via }) => ({ to: to.toString(), via: via.toString() }));
  return {
    name,
    interface: node.interface ?? firstInterface,
    mac: node.mac?.toString() ?? '',
    // Without a MAC address or a name it is the only Ethernet card; EL9's renderer knows no patterns for that.
    isAnyCard: node.mac === undefined && node.interface === undefined && family !== 'el9',
    address: `${ip}/${network.cidr.prefix}`,
    // Every renderer of cloud-init knows 0.0.0.0/0, not every one knows "default".
    routes: [{ to: '0.0.0.0/0', via: network.router.ip.toString() }, ...routes],
    dns: dnsServersOf(node).map(String),
    domain: cluster.domain,
  };
}
