import { expect, test } from 'vitest';
import { clusters } from '../../support/clusters.ts';
import { runInNamespace } from '../../support/namespace.ts';
import { inProject } from '../../support/paths.ts';
import { requireTools } from '../../support/require-tools.ts';
import { renderTree } from './render-tree.ts';

/** Asks twice over one connection through HAProxy, three seconds apart, and says whether it was one. */
const CLIENT = `
const https = require('node:https');
const agent = new https.Agent({ keepAlive: true, maxSockets: 1 });
const ask = (then) => {
  const url = { host: '192.168.0.55', port: 6443, path: '/readyz', agent, rejectUnauthorized: false };
  const request = https.get(url, (response) => response.resume().on('end', () => then(request, response)));
};
ask(() => setTimeout(() => ask((request, response) => {
  console.log(response.statusCode, request.reusedSocket ? 'on the same connection' : 'on a new one');
  agent.destroy();
}), 3000));
`;

const SCRIPT = `
cd /run
openssl req -x509 -newkey rsa:2048 -nodes -keyout key -out cert -days 1 -subj /CN=stub 2>/dev/null
sysctl -q -w net.ipv4.ip_nonlocal_bind=1
for address in 10.17.4.21 192.168.0.55; do ip address add "$address/32" dev lo; done
"$NODE" "$STUB" 10.17.4.21 401 cert key &
for attempt in $(seq 100); do [ -n "$(ss -Hltn src 10.17.4.21:6443)" ] && break; sleep 0.1; done
haproxy -f "$CONFIG" >/dev/null 2>&1 &
for attempt in $(seq 100); do [ -n "$(ss -Hltn src 192.168.0.55:6443)" ] && break; sleep 0.1; done
"$NODE" -e "$CLIENT"
`;

test('a stream through HAProxy that is idle for longer than other connections may be stays open', async (context) => {
  requireTools(context, ['ansible-playbook', 'haproxy', 'openssl', 'ip', 'ss'], { root: true });
  const files = await renderTree(clusters[0].tree, { haproxy_idle_timeout: '1s' });
  const env = {
    CONFIG: `${files}/k8s-api-lb-haproxy.cfg`,
    NODE: process.execPath,
    STUB: inProject('test/tools/ansible/api-server-stub.mjs'),
    CLIENT,
  };
  const { stdout } = await runInNamespace(SCRIPT, { env });
  expect(stdout).toBe('401 on the same connection\n');
});
