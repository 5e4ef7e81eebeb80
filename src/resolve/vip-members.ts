import type { Cluster, Node, Vip } from './cluster.ts';

/** The nodes that can hold one of the virtual IPs, in the order of names. */
export function vipMembers({ nodes, vips }: Pick<Cluster, 'nodes' | 'vips'>): Node[] {
  return nodes.filter((node) => vips.some((vip) => vip.members.some((member) => member.node === node)));
}

/** The inventory variable that holds a virtual IP: `api_vip` for the VIP `api`. */
export function vipVariable({ name }: Pick<Vip, 'name'>): string {
  return `${name.replaceAll('-', '_')}_vip`;
}
