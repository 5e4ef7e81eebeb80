import { describe, expect, it } from 'vitest';
import { clusters } from '../../support/clusters.ts';
import { inProject } from '../../support/paths.ts';
import { requireTools } from '../../support/require-tools.ts';
import { failedIn, onMachine } from './machine/machine.ts';

const [, { tree }] = clusters;

/** The smallest cluster's machines on one wire. lb1 holds the virtual IP; HAProxy and the API are played by stubs. */
const LAN = `
source '${inProject('test/tools/ansible/machine/lan.sh')}'
ip -n 192.168.0.50 address add 192.168.0.55/32 dev eth0
openssl req -x509 -newkey rsa:2048 -nodes -keyout /run/key -out /run/cert -days 1 -subj /CN=stub 2>/dev/null
serve() {
  ip netns exec "$1" "$NODE" '${inProject('test/tools/ansible/api-server-stub.mjs')}' "$2" "$3" /run/cert /run/key &
  for attempt in $(seq 100); do [ -n "$(ip netns exec "$1" ss -Hltn src "$2:6443")" ] && break; sleep 0.1; done
}
serve 10.17.4.21 10.17.4.21 401
`;

const machine = {
  tree,
  variables: { ansible_connection: 'ssh' },
  env: {
    ADDRESSES: '192.168.0.40 192.168.0.50 192.168.0.51 10.17.4.21 10.17.4.24',
    SERVICES: 'haproxy.service keepalived.service',
  },
};
const TOOLS = ['ansible-playbook', 'curl', 'ip', 'openssl', 'ss', 'unshare'];

async function verify(script: string) {
  const { answers } = await onMachine(`${LAN}\n${script}\nplay verify verify_connectivity.yml`, machine);
  const all = answers('verify');
  const shown = all.find(({ task }) => task === 'Show what was tried');
  return { failed: failedIn(all), summary: shown?.summary };
}

describe('verify_connectivity.yml', () => {
  it('succeeds where everything works', async (context) => {
    requireTools(context, TOOLS, { root: true });
    const { failed, summary } = await verify(
      'serve 192.168.0.50 192.168.0.55 401; serve 192.168.0.51 192.168.0.55 401',
    );
    expect(failed).toEqual([]);
    expect(summary).toEqual([
      'ok     lb1: haproxy runs',
      'ok     lb1: keepalived runs',
      'ok     lb1: HAProxy listens on 192.168.0.55:6443',
      'ok     lb1 -> https://192.168.0.55:6443/readyz',
      'ok     lb2: haproxy runs',
      'ok     lb2: keepalived runs',
      'ok     lb2: HAProxy listens on 192.168.0.55:6443',
      'ok     lb2 -> https://192.168.0.55:6443/readyz',
      'ok     one member holds api (192.168.0.55)',
      'ok     lb1 -> master1 (10.17.4.21:6443) by tcp',
      'ok     lb2 -> master1 (10.17.4.21:6443) by tcp',
      'ok     master1 -> api (192.168.0.55:6443) by readyz',
      'ok     worker1 -> api (192.168.0.55:6443) by readyz',
    ]);
  });

  it('fails and names what does not work: a second holder, an API that is not ready, a HAProxy that does not listen', async (context) => {
    requireTools(context, TOOLS, { root: true });
    const { failed, summary } = await verify(`
ip -n 192.168.0.51 address add 192.168.0.55/32 dev eth0
serve 192.168.0.50 192.168.0.55 500`);
    expect(failed).toEqual(['Fail if anything does not work']);
    const lines = Array.isArray(summary) ? summary.filter((line) => line.startsWith('FAILED')) : [];
    expect(lines).toEqual([
      expect.stringMatching(/^FAILED lb1 -> https:\/\/192\.168\.0\.55:6443\/readyz: .*500/),
      'FAILED lb2: HAProxy listens on 192.168.0.55:6443',
      expect.stringMatching(/^FAILED lb2 -> https:\/\/192\.168\.0\.55:6443\/readyz: .*refused/),
      'FAILED one member holds api (192.168.0.55): held by lb1 and lb2',
      expect.stringMatching(/^FAILED master1 -> api \(192\.168\.0\.55:6443\) by readyz: HTTP (500|000)$/),
      expect.stringMatching(/^FAILED worker1 -> api \(192\.168\.0\.55:6443\) by readyz: HTTP (500|000)$/),
    ]);
  });
});
