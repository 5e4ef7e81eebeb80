import type { Cluster, Network } from './cluster.ts';

/** Whether libvirt hands out addresses on any of the networks. */
export function servesDhcp({ networks }: Pick<Cluster, 'networks'>): boolean {
  return networks.some(({ dhcp }) => dhcp !== undefined);
}

/** The nodes that libvirt's DHCP on a network hands their address to. */
export function reservedNodes({ nodes }: Pick<Cluster, 'nodes'>, network: Network) {
  return nodes
    .flatMap(({ name, nics }) => nics.map((nic) => ({ ...nic, name })))
    .filter((nic) => nic.network === network && nic.addressing === 'reserved')
    .map(({ name, mac, ip }) => ({ name, mac: String(mac), ip: ip.toString() }));
}
