import { nameOf } from '../../resolve/name-of.ts';
import { openToEverybody } from '../open-to-everybody.ts';
import { defineRule } from '../rule.ts';

export const flowAnyToAny = defineRule({
  id: 'flow-any-to-any',
  severity: 'warning',
  docs: {
    summary: 'a flow opens a whole network to everybody, at all ports',
    why: 'Whoever gets to the LAN, or to a router in front of it, can then open every port of every machine there: kubelets, etcd, databases and SSH among them. Nothing else keeps them out: the chain refuses only what no flow lets pass, and libvirt adds no rules of its own to an `open` network (libvirt, formatnetwork, `forward`).',
    help: 'Say who needs what: the networks or addresses that connect, the roles that answer, and their ports. Networks of the cluster that trust one another, and guests that reach everything outside, are no mistake and not reported.',
    fails: 'firewall:\n  flows: [{ from: internet, to: kube }]',
    passes:
      'firewall:\n  flows:\n    - { from: internet, to: worker, ports: [80, 443], comment: web sites }\n    - { from: kube, to: [kube, lan], comment: our own machines trust one another }',
  },
  *check(cluster) {
    for (const flow of cluster.flows) {
      const ends = openToEverybody(cluster, flow);
      if (ends === undefined || flow.origin === undefined) continue;
      yield {
        at: flow.origin,
        message: `everybody (${nameOf(ends.from)}) can open every port of ${nameOf(ends.to)}`,
        help: 'name who connects, the nodes or roles that answer, and their `ports`',
      };
    }
  },
});
