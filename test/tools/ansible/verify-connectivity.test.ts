import { describe, expect, it } from 'vitest';
import { buildChangedTree, clusters } from '../../support/clusters.ts';
import { inProject } from '../../support/paths.ts';
import { requireTools } from '../../support/require-tools.ts';
import { type Answer, failedIn, onMachine } from './machine/machine.ts';

const [reference, smallest] = clusters;

const TOOLS = ['ansible-playbook', 'curl', 'ip', 'openssl', 'ping', 'ss', 'unshare'];
const LOAD_BALANCING = 'haproxy.service keepalived.service';

/** Machines on one wire; what serves them is played by stubs. */
const LAN = `
source '${inProject('test/tools/ansible/machine/lan.sh')}'
openssl req -x509 -newkey rsa:2048 -nodes -keyout /run/key -out /run/cert -days 1 -subj /CN=stub 2>/dev/null
listen() { for attempt in $(seq 100); do [ -n "$(ip netns exec "$1" ss -Hltn src "$2")" ] && break; sleep 0.1; done; }
serve() {
  ip netns exec "$1" "$NODE" '${inProject('test/tools/ansible/api-server-stub.mjs')}' "$2" "$3" /run/cert /run/key &
  listen "$1" "$2:6443"
}
`;

/** The smallest cluster, with lb1 as the holder of the virtual IP. */
const SMALLEST = `${LAN}
ip -n 192.168.0.50 address add 192.168.0.55/32 dev eth0
serve 10.17.4.21 10.17.4.21 401
`;

const machine = {
  tree: smallest.tree,
  variables: { ansible_connection: 'ssh' },
  env: {
    ADDRESSES: '192.168.0.40 192.168.0.50 192.168.0.51 10.17.4.21 10.17.4.24',
    SERVICES: LOAD_BALANCING,
  },
};

async function verify(script: string) {
  const { answers } = await onMachine(`${SMALLEST}\n${script}\nplay verify verify_connectivity.yml`, machine);
  return outcomeOf(answers('verify'));
}

function outcomeOf(answers: readonly Answer[]) {
  const shown = answers.find(({ task }) => task === 'Show what was tried');
  return { failed: failedIn(answers), summary: shown?.summary };
}

/** What was said of connections; of the load balancers nothing was asked. */
function connectionsIn(answers: readonly Answer[]): unknown {
  const { summary } = outcomeOf(answers);
  return Array.isArray(summary) ? summary.filter((line) => / master\d -> /.test(line)) : summary;
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

  it('reaches all that the masters of the reference cluster have to reach, and names the one that does not answer', async (context) => {
    requireTools(context, TOOLS, { root: true });
    const masters = ['10.17.4.21', '10.17.4.22', '10.17.4.23'];
    const script = `${LAN}
ip -n 192.168.0.50 address add 192.168.0.55/32 dev eth0
serve 192.168.0.50 192.168.0.55 401
ip netns exec 10.17.3.11 "$NODE" -e "require('net').createServer().listen(53, '10.17.3.11')" & listen 10.17.3.11 10.17.3.11:53
play all verify_connectivity.yml --limit masters,localhost
ip netns delete 8.8.8.8
play one verify_connectivity.yml --limit master1,localhost`;
    const { answers } = await onMachine(script, {
      tree: reference.tree,
      variables: { ansible_connection: 'ssh' },
      env: { ADDRESSES: `192.168.0.50 10.17.3.11 192.168.0.1 8.8.8.8 ${masters.join(' ')}`, SERVICES: '' },
    });
    const reached = (master: string) => [
      `ok     ${master} -> api (192.168.0.55:6443) by readyz`,
      `ok     ${master} -> infra-cluster (10.17.3.11:53) by tcp`,
      `ok     ${master} -> k8s-api-lb (192.168.0.50) by ping`,
      `ok     ${master} -> infra-cluster (10.17.3.11) by ping`,
      `ok     ${master} -> 192.168.0.1 (192.168.0.1) by ping`,
      `ok     ${master} -> 8.8.8.8 (8.8.8.8) by ping`,
    ];
    expect(connectionsIn(answers('all'))).toEqual([
      ...reached('master1'),
      ...reached('master2'),
      ...reached('master3'),
    ]);
    expect(connectionsIn(answers('one'))).toEqual([
      ...reached('master1').slice(0, -1),
      expect.stringMatching(/^FAILED master1 -> 8\.8\.8\.8 \(8\.8\.8\.8\) by ping: .* 100% packet loss/),
    ]);
  });

  it('does not try what the mode of a network keeps its nodes from', async (context) => {
    requireTools(context, TOOLS, { root: true });
    const nics = 'eth0: { network: vault, ip: 10.17.7.61 }, eth1: { network: data, ip: 10.17.5.61 }';
    const tree = buildChangedTree(inProject('test/models/modes.yaml'), (text) =>
      text.replace('\nvips:', `  both1: { role: vault-node, os: debian12, nics: { ${nics} } }\n\nvips:`),
    );
    const script = `${LAN}
ip netns exec 10.17.4.11 "$NODE" -e "require('net').createServer().listen(53, '10.17.4.11')" & listen 10.17.4.11 10.17.4.11:53
play all verify_connectivity.yml --limit both1,master1,tool2,vault2,localhost`;
    const { answers } = await onMachine(script, {
      tree,
      variables: { ansible_connection: 'ssh' },
      env: { ADDRESSES: '10.17.4.11 10.17.4.21 10.17.6.42 10.17.7.52 10.17.7.61', SERVICES: '' },
    });
    const { summary } = outcomeOf(answers('all'));
    expect(Array.isArray(summary) && summary.filter((line) => line.includes('infra1'))).toEqual([
      'ok     master1 -> infra1 (10.17.4.11:53) by tcp',
      'ok     tool2 -> infra1 (10.17.4.11:53) by tcp',
    ]);
  });
});
