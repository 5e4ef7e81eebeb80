import { hasCardIn } from '../../resolve/cards.ts';
import { groupOf } from '../../resolve/check-groups.ts';
import type { Cluster, Hypervisor, Node } from '../../resolve/cluster.ts';
import { isKubernetesNode } from '../../resolve/resolve-nodes.ts';
import { rangesOf } from '../../resolve/subnets.ts';
import { vipMembers, vipVariable } from '../../resolve/vip-members.ts';
import { defineRenderer } from '../renderer.ts';

export const inventory = defineRenderer({
  id: 'inventory',
  template: 'ansible/inventory/hosts.ini.njk',
  *jobs(cluster) {
    yield {
      view: {
        vips: cluster.vips.map((vip) => ({ variable: vipVariable(vip), ip: vip.ip.toString() })),
        hypervisors: cluster.hypervisors.map(hostView),
        nodes: cluster.nodes.map(hostView),
        groups: groups(cluster),
      },
    };
  },
});

function hostView({ name, ip, user = '' }: Hypervisor | Node) {
  return { name, ip: ip.toString(), user };
}

/** The groups that playbooks use, then one for each role and each network. */
function groups(cluster: Cluster) {
  const namesOf = (nodes: readonly Node[]) => nodes.map(({ name }) => name);
  return [
    { name: 'vip_members', comment: 'Nodes that can hold a virtual IP', hosts: namesOf(vipMembers(cluster)) },
    {
      name: 'kubernetes',
      comment: 'Nodes that run Kubernetes',
      hosts: namesOf(cluster.nodes.filter(isKubernetesNode)),
    },
    ...cluster.roles.map(({ name, group, nodes }) => ({
      name: group,
      comment: `Role ${name}`,
      hosts: namesOf(nodes),
    })),
    ...cluster.networks.map((network) => ({
      name: groupOf(network.name),
      comment: `Network ${network.name}, ${rangesOf(network).join(', ')}`,
      hosts: namesOf(cluster.nodes.filter((node) => hasCardIn(node, network))),
    })),
  ];
}
