import { posix } from 'node:path';
import { reservedNodes } from '../../resolve/addressing.ts';
import type { Cluster, Network } from '../../resolve/cluster.ts';
import { defineRenderer } from '../renderer.ts';

export const terraform = defineRenderer({
  id: 'terraform',
  template: 'terraform/[dir]/main.tf.njk',
  *jobs(cluster) {
    for (const network of cluster.networks) {
      yield { params: { dir: network.terraform.dir }, view: networkView(cluster, network) };
    }
  },
});

function networkView(cluster: Cluster, network: Network) {
  const { name, mode, bridge, cidr, router, dhcp, mac, hypervisor } = network;
  const isBridge = mode === 'bridge';
  const hostBridge = hypervisor.bridges.find((candidate) => candidate.name === bridge);
  return {
    ...hypervisor.terraform,
    resource: network.terraform.resource,
    name,
    mode,
    bridge,
    isBridge,
    cidr: cidr.toString(),
    domain: cluster.domain,
    firewall: posix.basename(cluster.firewallPath),
    hasXslt: !isBridge || hostBridge?.kind === 'openvswitch',
    mac: mac?.toString() ?? '',
    // The provider gives the bridge the first address (libvirt/network.go, getNetworkIPConfig).
    router: router.ip.equals(cidr.firstHost) ? '' : router.ip.toString(),
    servesDhcp: dhcp !== undefined,
    range: { first: dhcp?.first.toString() ?? '', last: dhcp?.last.toString() ?? '' },
    hosts: reservedNodes(cluster, network),
  };
}
