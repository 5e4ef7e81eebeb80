import type { Frontend, Vip } from '../../resolve/cluster.ts';
import { API_PORT } from '../../resolve/resolve-vips.ts';
import { defineRule, type Violation } from '../rule.ts';

export const apiVipWithoutApi = defineRule({
  id: 'api-vip-without-api',
  severity: 'error',
  docs: {
    summary: 'the virtual IP `api` leads to no API server',
    why: 'Every node is told to join at this address, and certificates name it. The API servers are on the masters and listen on 6443 in K3s, RKE2 and kubeadm alike ([ports](https://kubernetes.io/docs/reference/networking/ports-and-protocols/)); a backend is asked at the port of its frontend unless it says its own.',
    help: 'Let one of its frontends have `backends: master` and the port 6443; with another port in front `backends: { role: master, port: 6443 }`.',
    fails: 'vips:\n  api: { port: 443 }',
    passes: 'vips:\n  api: { port: 443, backends: { role: master, port: 6443 } }',
  },
  *check({ vips, roles }) {
    const api = vips.find(({ name }) => name === 'api');
    // Without masters there is one mistake, and it is that.
    if (api === undefined || !roles.some(({ name }) => name === 'master')) return;
    if (!api.frontends.some((frontend) => hasMasters(frontend) && frontend.backendPort === API_PORT))
      yield withoutApi(api);
  },
});

function hasMasters({ backends }: Frontend): boolean {
  return backends.nodes.some(({ roles }) => roles.includes('master'));
}

function withoutApi({ origin, frontends }: Vip): Violation {
  const [only, second] = frontends;
  if (only === undefined || second !== undefined) {
    return {
      at: [...origin, 'frontends'],
      part: 'key',
      message: `no frontend of "api" leads to the masters at ${API_PORT}, where the API servers listen`,
      help: `add one, such as \`k8s: { port: ${API_PORT}, backends: master }\``,
    };
  }
  const { name } = only.backends;
  return hasMasters(only)
    ? {
        at: [...only.origin, 'backends', 'port'],
        message: `"api" leads to ${only.backendPort} of "${name}", and the API servers listen on ${API_PORT}`,
        related: [
          {
            at: [...only.origin, 'port'],
            message: 'a backend has the port of its frontend unless it says one',
          },
        ],
        help: `say \`backends: { role: ${name}, port: ${API_PORT} }\``,
      }
    : {
        at: [...only.origin, 'backends', 'role'],
        message: `"api" leads to "${name}", and no node of that role is a master`,
        help: 'say `backends: master`',
      };
}
