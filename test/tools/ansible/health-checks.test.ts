import { describe, expect, it } from 'vitest';
import { buildTree, clusters } from '../../support/clusters.ts';
import { runInNamespace } from '../../support/namespace.ts';
import { inProject } from '../../support/paths.ts';
import { requireTools } from '../../support/require-tools.ts';
import { renderTree } from './render-tree.ts';

/**
 * HAProxy as rendered, beside API servers that answer /readyz with a status each. Prints the state of each server as
 * HAProxy's statistics have it once it has checked it (management.txt, "show stat": field 2 is the server, 18 its
 * status, 37 what the last check gave).
 */
const SCRIPT = `
cd /run
openssl req -x509 -newkey rsa:2048 -nodes -keyout key -out cert -days 1 -subj /CN=stub 2>/dev/null
sysctl -q -w net.ipv4.ip_nonlocal_bind=1
for server in $SERVERS; do
  address=\${server%=*}
  ip address add "$address/32" dev lo
  "$NODE" "$STUB" "$address" "\${server#*=}" cert key &
done
for server in $SERVERS; do
  for attempt in $(seq 100); do [ -n "$(ss -Hltn src "\${server%=*}:6443")" ] && break; sleep 0.1; done
done
haproxy -f "$CONFIG" >log 2>&1 &
ask='require("net").connect("/var/lib/haproxy/stats").on("connect",function(){this.end("show stat\\n")}).on("error",()=>{}).pipe(process.stdout)'
for attempt in $(seq 40); do
  sleep 0.5
  "$NODE" -e "$ask" | awk -F, '$1 == "api" && $2 ~ /^master/ { print $2, $18, $37 }' >states
  [ "$(grep -cE ' (UP|DOWN) [A-Z0-9]+$' states)" = "$(wc -l <states)" ] && [ -s states ] && break
done
cat states
`;

async function statesOf(tree: string, servers: Readonly<Record<string, number>>): Promise<string> {
  const files = await renderTree(tree, {}, 'vip_members');
  const env = {
    SERVERS: Object.entries(servers)
      .map(([address, status]) => `${address}=${status}`)
      .join(' '),
    CONFIG: `${files}/${tree === clusters[0].tree ? 'k8s-api-lb' : 'lb1'}-haproxy.cfg`,
    NODE: process.execPath,
    STUB: inProject('test/tools/ansible/api-server-stub.mjs'),
  };
  const { exitCode, stdout, stderr } = await runInNamespace(SCRIPT, { env });
  if (exitCode !== 0) throw new Error(`HAProxy could not be asked:\n${stdout}${stderr}`);
  return stdout;
}

const TOOLS = ['ansible-playbook', 'haproxy', 'openssl', 'ip', 'ss'];

describe("HAProxy's health checks", () => {
  it('take 401 for an answer from K3s, and 500 or silence for none', async (context) => {
    requireTools(context, TOOLS, { root: true });
    const states = await statesOf(clusters[0].tree, { '10.17.4.21': 401, '10.17.4.22': 500 });
    expect(states).toBe('master1 UP L7OK\nmaster2 DOWN L7STS\nmaster3 DOWN L4CON\n');
  });

  it('do not take 401 for an answer from kubeadm, where anybody may read /readyz', async (context) => {
    requireTools(context, TOOLS, { root: true });
    const tree = buildTree(inProject('test/models/reservations.yaml'));
    expect(await statesOf(tree, { '10.17.4.21': 401 })).toBe('master1 DOWN L7STS\n');
    expect(await statesOf(tree, { '10.17.4.21': 200 })).toBe('master1 UP L7OK\n');
  });
});
