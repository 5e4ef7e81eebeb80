import type { Node } from '../../resolve/cluster.ts';
import { defineRule } from '../rule.ts';

const WEB_PORTS = [80, 443];

export const storageBehindIngress = defineRule({
  id: 'storage-behind-ingress',
  severity: 'warning',
  docs: {
    summary: 'web traffic is sent to a node that is there for storage',
    why: 'A node that only stores usually runs no ingress controller. HAProxy does not see that: of a NodePort every node answers, and passes the connection on or, with `externalTrafficPolicy: Local`, drops it after the check has passed ([Service](https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport), [traffic policies](https://kubernetes.io/docs/reference/networking/virtual-ips/#external-traffic-policy)). Where it is passed on it takes its share of the card that replicas are copied by.',
    help: 'Give the ingress a role that the storage nodes do not have. A node that does both says so: `role: [worker, storage]`. Backends that are there for storage one and all are a service of it, such as an object store, and not reported.',
    fails: `nodes:
  worker1: { role: [ingress, worker] }
  storage1: { role: [ingress, storage], network: kube, ip: 10.17.4.27 }
vips:
  web: { ip: 192.168.0.56, members: [lb2, lb1], port: 80, backends: { role: ingress, port: 30080 } }`,
    passes: `nodes:
  worker1: { role: [worker, storage] }
  storage1: { role: [objects, storage], network: kube, ip: 10.17.4.27 }
vips:
  web: { ip: 192.168.0.56, members: [lb2, lb1], port: 80, backends: { role: worker, port: 30080 } }
  s3: { ip: 192.168.0.57, members: [lb2, lb1], port: 443, backends: { role: objects, port: 9000 } }`,
  },
  *check({ vips }) {
    const seen = new Set<string>();
    for (const { backends, port, origin } of vips.flatMap(({ frontends }) => frontends)) {
      const stores = backends.nodes.filter(isForStorage);
      const isMixed = stores.length > 0 && stores.length < backends.nodes.length;
      if (!WEB_PORTS.includes(port) || !isMixed || seen.has(backends.name)) continue;
      seen.add(backends.name);
      yield {
        at: [...origin, 'backends', 'role'],
        message: `web traffic of port ${port} also goes to nodes that are there for storage: ${namesOf(stores)}`,
        related: stores
          .slice(0, 5)
          .map((node) => ({ at: [...node.origin, 'role', 'storage'], message: 'stores, and is no worker' })),
        help: `take the role "${backends.name}" away from such a node, or say that it is a \`worker\`, too`,
      };
    }
  },
});

function isForStorage({ roles }: Node): boolean {
  return roles.includes('storage') && !roles.includes('worker');
}

function namesOf(nodes: readonly Node[]): string {
  return nodes.map(({ name }) => `"${name}"`).join(', ');
}
