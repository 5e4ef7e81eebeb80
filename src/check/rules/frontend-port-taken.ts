import type { Cluster, Node } from '../../resolve/cluster.ts';
import { isKubernetesNode } from '../../resolve/resolve-nodes.ts';
import { API_PORT } from '../../resolve/resolve-vips.ts';
import { defineRule } from '../rule.ts';

export const frontendPortTaken = defineRule({
  id: 'frontend-port-taken',
  severity: 'error',
  docs: {
    summary: 'a frontend has a port that another service of the load balancer listens on',
    why: 'The SSH server, the API server and the kubelet listen on all addresses of their machine, so also on a virtual IP. A second socket for the port of one of them is refused (bind(2), EADDRINUSE): of HAProxy and the other the one that comes second does not start. On a load balancer that is a master, too, that is port 6443, which is why kubeadm wants another port in front there ([HA considerations](https://github.com/kubernetes/kubeadm/blob/main/docs/ha-considerations.md)).',
    help: 'Let the frontend listen on another port, and say that of the backends: `port: 8443, backends: { role: master, port: 6443 }`.',
    fails: 'vips:\n  git: { ip: 192.168.0.56, members: [lb2, lb1], port: 22, backends: worker }',
    passes:
      'vips:\n  git: { ip: 192.168.0.56, members: [lb2, lb1], port: 2222, backends: { role: worker, port: 22 } }',
  },
  *check({ vips, kubernetes }) {
    for (const { members, frontends } of vips) {
      for (const { name, port, origin } of frontends) {
        const [taken] = members.flatMap(({ node }) => {
          const service = servicesOf(node, kubernetes).get(port);
          return service === undefined ? [] : [{ node, service }];
        });
        if (taken === undefined) continue;
        yield {
          at: [...origin, 'port'],
          message: `"${name}" cannot have the port ${port}: ${taken.service} listens on it at all addresses of "${taken.node.name}"`,
          related: [{ at: [...taken.node.origin, 'role'], message: `"${taken.node.name}" is a member` }],
          help: `take another port in front, such as ${port === API_PORT ? 8443 : port + 2200}, and say \`port: ${port}\` under \`backends\``,
        };
      }
    }
  },
});

/** What listens on all addresses of a node, by port. */
function servicesOf(node: Node, { distribution }: Cluster['kubernetes']): Map<number, string> {
  const isMaster = node.roles.includes('master');
  return new Map([
    [22, 'sshd'],
    ...(isMaster ? [[API_PORT, 'the API server'] as const] : []),
    ...(isMaster && distribution === 'rke2' ? [[9345, "RKE2's supervisor"] as const] : []),
    ...(isKubernetesNode(node) ? [[10250, 'the kubelet'] as const] : []),
  ]);
}
