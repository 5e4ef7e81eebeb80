import { API_PORT } from '../../resolve/resolve-vips.ts';
import { defineRule } from '../rule.ts';

export const apiCheckedByTcp = defineRule({
  id: 'api-checked-by-tcp',
  severity: 'warning',
  docs: {
    summary: 'an API server behind HAProxy is only asked whether its port opens',
    why: 'An API server that has lost etcd still accepts connections and answers 500: measured, a TCP check takes it for up, and every second request fails. Only `/readyz` says whether it is ready ([health endpoints](https://kubernetes.io/docs/reference/using-api/health-checks/)), and it is asked where the backends are the role `master` at port 6443: that it is the API, no other name tells.',
    help: 'Say `backends: master`.',
    fails: 'nodes:\n  master1: { role: [master, control-plane] }\nvips:\n  api: { backends: control-plane }',
    passes:
      'kubernetes: rke2\nvips:\n  join: { ip: 192.168.0.56, members: [lb2, lb1], port: 9345, backends: master }',
  },
  *check({ vips }) {
    for (const { origin, backends, backendPort, check } of vips.flatMap(({ frontends }) => frontends)) {
      const master = backends.nodes.find(({ roles }) => roles.includes('master'));
      if (check !== 'tcp' || backendPort !== API_PORT || master === undefined) continue;
      yield {
        at: [...origin, 'backends', 'role'],
        message: `the API servers of "${backends.name}" are checked by TCP alone: one that answers 500 counts as up`,
        related: [{ at: [...master.origin, 'role', 'master'], message: `"${master.name}" is a master, too` }],
        help: 'say `backends: master`, which asks each for /readyz',
      };
    }
  },
});
