import { dnsServersOf, nodeRoutes, type Route } from '../../resolve/addressing.ts';
import { isPrimaryCard } from '../../resolve/cards.ts';
import type { Cluster, Nic, Node } from '../../resolve/cluster.ts';
import { letsOpen } from '../../resolve/modes.ts';
import { OPERATING_SYSTEMS } from '../../resolve/operating-system.ts';
import { subnetAround } from '../../resolve/subnets.ts';
import { defineRenderer } from '../renderer.ts';

export const cloudInitGuests = defineRenderer({
  id: 'cloud-init-guests',
  template: 'guests/[node]/network-config.njk',
  *jobs(cluster) {
    for (const node of cluster.nodes.filter(hasFiles)) {
      if (OPERATING_SYSTEMS[node.os].family === 'flatcar') continue;
      yield { params: { node: node.name }, view: guestView(cluster, node) };
    }
  },
});

export const networkdGuests = defineRenderer({
  id: 'networkd-guests',
  template: 'guests/[node]/10-[card].network.njk',
  *jobs(cluster) {
    for (const node of cluster.nodes.filter(hasFiles)) {
      if (OPERATING_SYSTEMS[node.os].family !== 'flatcar') continue;
      const { name, cards, domain } = guestView(cluster, node);
      for (const card of cards) {
        const file = cards.length > 1 ? card.interface : card.isReserved ? 'dhcp' : 'static';
        yield {
          params: { node: name, card: file },
          view: { name, file: `10-${file}.network`, domain, ...card },
        };
      }
    }
  },
});

/**
 * Libvirt's DHCP serves a node with one card that asks libvirt for names. Which of several cards has the default route
 * it does not know, and as name server it hands out the bridge alone.
 */
function hasFiles(node: Node): boolean {
  const [server, ...others] = dnsServersOf(node);
  const asksBridge = others.length === 0 && server?.equals(node.network.router.ip) === true;
  return node.addressing === 'static' || node.nics.length > 1 || !asksBridge;
}

function guestView(cluster: Cluster, node: Node) {
  const routes = nodeRoutes(cluster, node);
  const cards = node.nics.map((nic) =>
    cardView(
      node,
      nic,
      routes.filter((route) => route.nic === nic),
    ),
  );
  return { name: node.name, cards, domain: node.network.domain };
}

/** A card; the primary one has the default route and the name servers. */
function cardView(node: Node, nic: Nic, routes: readonly Route[]) {
  const { firstInterface, family } = OPERATING_SYSTEMS[node.os];
  const { network, ip, mac } = nic;
  const { cidr, router } = subnetAround(network, ip);
  const isPrimary = isPrimaryCard(node, nic);
  // Every renderer of cloud-init knows 0.0.0.0/0, not every one knows "default".
  const toAll = {
    to: '0.0.0.0/0',
    via: router.toString(),
    isOnLink: !cidr.contains(router) && network.router.onLink,
  };
  return {
    interface: nic.interface ?? firstInterface,
    mac: mac?.toString() ?? '',
    // Without a MAC address or a name it is the only Ethernet card; EL9's renderer knows no patterns for that.
    isAnyCard: mac === undefined && nic.interface === undefined && family !== 'el9',
    isPrimary,
    isReserved: nic.addressing === 'reserved',
    address: `${ip}/${cidr.prefix}`,
    routes: [
      ...(isPrimary && letsOpen(network, undefined) ? [toAll] : []),
      ...routes.map(({ to, via }) => ({ to: to.toString(), via: via.toString(), isOnLink: false })),
    ],
    dns: isPrimary ? dnsServersOf(node).map(String) : [],
  };
}
