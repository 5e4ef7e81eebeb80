import { suggest } from '../../diagnostics/suggest.ts';
import { defineRule } from '../rule.ts';

export const noMaster = defineRule({
  id: 'no-master',
  severity: 'error',
  docs: {
    summary: 'no node has the role master',
    why: 'The masters run the API server and etcd ([Kubernetes components](https://kubernetes.io/docs/concepts/overview/components/)). Without them nothing answers behind the virtual IP, no node can join, and no other name of a role means the same: flows, health checks and the files for Kubernetes are made for `master`.',
    help: 'Give `role: master` to the nodes that run the API server. A node can have several roles.',
    fails: 'nodes:\n  master1: { role: control-plane }\nvips:\n  api: { backends: control-plane }',
    passes: 'nodes:\n  master1: { role: [master, worker, etcd] }',
  },
  *check({ roles, vips }) {
    if (roles.some(({ name }) => name === 'master')) return;
    const meant = suggest(
      'master',
      roles.map(({ name }) => name),
    );
    const api = vips.flatMap(({ name, frontends }) => (name === 'api' ? frontends : []));
    yield {
      at: ['kubernetes'],
      part: 'key',
      message: 'no node has the role "master", so nobody runs the API server',
      related: api.map(({ origin }) => ({
        at: [...origin, 'backends', 'role'],
        message: 'it is looked for here',
      })),
      help:
        meant === undefined
          ? 'say `role: master` at the nodes that run it'
          : `is the role "${meant}" meant to be "master"?`,
    };
  },
});
