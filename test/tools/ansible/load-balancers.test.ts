import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildTree } from '../../support/clusters.ts';
import { SMALLEST, TWO_HOSTS } from '../../support/compile.ts';
import { runInNamespace } from '../../support/namespace.ts';
import { requireTools } from '../../support/require-tools.ts';
import { run } from '../../support/run.ts';
import { renderTree } from './render-tree.ts';

/** What the members of a model get, rendered by Ansible. */
function rendered(model: string, secrets: Readonly<Record<string, string>> = {}): Promise<string> {
  const file = join(mkdtempSync(join(tmpdir(), 'load-balancers-')), 'cluster.yaml');
  writeFileSync(file, model);
  return renderTree(buildTree(file), secrets, 'vip_members');
}

/** A member's interface, and the check that its configuration names. */
const MACHINE = `
ip link add eth0 type veth peer name other && ip link set eth0 up && ip link set other up
mount -t tmpfs tmpfs /usr/libexec && mkdir /usr/libexec/keepalived
install -m 755 "$FILES/lb1-check_haproxy" /usr/libexec/keepalived/check_haproxy
`;

const AUTHENTICATION = /authentication \{\n +auth_type PASS\n +auth_pass Secret12\n +\}/;
const UNICAST = /unicast_src_ip 192\.168\.0\.50\n +unicast_peer \{\n +192\.168\.0\.51\n +\}/;
const versions = [
  { version: 2, authPass: ', authPass: vault_vrrp', has: [/vrrp_version 2\n/, AUTHENTICATION], lacks: [] },
  { version: 3, authPass: '', has: [/vrrp_version 3\n/], lacks: [/authentication/] },
];
const transports = [
  { transport: 'unicast', has: [UNICAST], lacks: [/mcast/] },
  { transport: 'multicast', has: [/mcast_src_ip 192\.168\.0\.50\n/], lacks: [/unicast/] },
];
const preempts = [
  { preempt: true, has: [], lacks: [/nopreempt/] },
  { preempt: false, has: [/ nopreempt\n/], lacks: [] },
];
const forms = versions.flatMap((version) =>
  transports.flatMap((transport) =>
    preempts.map((preempt) => ({
      name: `VRRPv${version.version}, ${transport.transport}, ${preempt.preempt ? 'with' : 'without'} preemption`,
      said: `{ vrrpVersion: ${version.version}, transport: ${transport.transport}, preempt: ${preempt.preempt}${version.authPass} }`,
      has: [/state BACKUP\n/, ...version.has, ...transport.has, ...preempt.has],
      lacks: [...version.lacks, ...transport.lacks, ...preempt.lacks],
    })),
  ),
);

describe.each(forms)('Keepalived with $name', ({ said, has, lacks }) => {
  it('says so, and is accepted by keepalived', async (context) => {
    requireTools(context, ['ansible-playbook', 'keepalived', 'ip'], { root: true });
    const files = await rendered(`${SMALLEST}\nloadBalancing: { keepalived: ${said} }\n`, {
      vault_vrrp: 'Secret12',
    });
    const text = readFileSync(join(files, 'lb1-keepalived.conf'), 'utf8');
    for (const words of has) expect(text).toMatch(words);
    for (const words of lacks) expect(text).not.toMatch(words);
    const script = `${MACHINE}\nkeepalived -t -f "$FILES/lb1-keepalived.conf"`;
    const result = await runInNamespace(script, { env: { FILES: files } });
    expect(result).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  });
});

/**
 * Two VIPs with one port on the same members, one whose members are others, frontends named as ours are, and the
 * statistics page.
 */
const MANY = `${SMALLEST.replace(
  '  lb2:',
  '  lb3: { role: load-balancer, network: lan, ip: 192.168.0.52 }\n  lb2:',
)}
  web: { ip: 192.168.0.56, members: [lb1, lb2], port: 443, backends: { role: worker, port: 30443 } }
  web-internal: { ip: 192.168.0.57, members: [lb2, lb1], port: 443, backends: { role: worker, port: 31443 } }
  monitor: { ip: 192.168.0.58, members: { lb3: 90, lb2: 80 }, port: 443, backends: worker }
  local: { ip: 192.168.0.59, members: [lb2], frontends: { monitor: { port: 80, backends: worker }, stats: { port: 81, backends: worker } } }
  stats: { ip: 192.168.0.60, members: [lb2], port: 9000, backends: worker }

loadBalancing: { haproxy: { stats: { password: vault_stats } } }
`;
/** Every character that HAProxy could take for something else. */
const PASSWORD = '#a"b$HOME\\\\n:%{*}';

function sectionsIn(text: string): string[] {
  return (text.match(/^(frontend|backend) \S+/gm) ?? []).sort();
}

describe('several VIPs on some of three load balancers', () => {
  let made: Promise<string> | undefined;
  const renderedOnce = () => {
    made ??= rendered(MANY, { vault_stats: PASSWORD });
    return made;
  };

  it('give each member the frontends of its own, under names that are unique', async (context) => {
    requireTools(context, ['ansible-playbook', 'haproxy']);
    const files = await renderedOnce();
    const sections = (name: string) => sectionsIn(readFileSync(join(files, `${name}-haproxy.cfg`), 'utf8'));
    const both = (...names: string[]) => names.flatMap((name) => [`frontend ${name}`, `backend ${name}`]);
    const ours = ['frontend local:monitor', 'frontend local:stats'];
    expect({ lb1: sections('lb1'), lb2: sections('lb2'), lb3: sections('lb3') }).toEqual({
      lb1: [...both('api', 'web', 'web-internal'), ...ours].sort(),
      lb2: [
        ...both('api', 'web', 'web-internal', 'monitor', 'local.monitor', 'local.stats', 'stats'),
        ...ours,
      ].sort(),
      lb3: [...both('monitor'), ...ours].sort(),
    });
    for (const member of ['lb1', 'lb2', 'lb3']) {
      const { exitCode, stderr } = await run('haproxy', [
        '-dW',
        '-c',
        '-f',
        `${files}/${member}-haproxy.cfg`,
      ]);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    }
  });

  it('have the priorities that are said, and one VRRP instance each', async (context) => {
    requireTools(context, ['ansible-playbook']);
    const files = await renderedOnce();
    const text = readFileSync(join(files, 'lb2-keepalived.conf'), 'utf8');
    const instances = text.match(/vrrp_instance \S+|virtual_router_id \d+|priority \d+/g) ?? [];
    expect(instances.join(' ').replace(/virtual_router_id |priority /g, '')).toBe(
      [
        ...['vrrp_instance api 55 140', 'vrrp_instance local 59 150', 'vrrp_instance monitor 58 80'],
        ...['vrrp_instance stats 60 150', 'vrrp_instance web 56 140', 'vrrp_instance web-internal 57 150'],
      ].join(' '),
    );
  });

  it('all listen, and the statistics page is there for who knows the password, on no virtual IP', async (context) => {
    requireTools(context, ['ansible-playbook', 'haproxy', 'ip', 'ss', 'curl'], { root: true });
    const script = `
ip address add 192.168.0.51/24 dev lo
sysctl -q -w net.ipv4.ip_nonlocal_bind=1
haproxy -f "$FILES/lb2-haproxy.cfg" >/run/log 2>&1 &
for attempt in $(seq 50); do curl -sf 127.0.0.1:8405/healthz >/dev/null && break; sleep 0.1; done
ss -Hltn | awk '{ print $4 }' | sort
ask() { curl -s -o /dev/null -w '%{http_code}\\n' "$@" http://192.168.0.51:8404/; }
ask; ask --user "admin:$PASSWORD"; ask --user admin:wrong
`;
    const env = { FILES: await renderedOnce(), PASSWORD };
    const { exitCode, stdout, stderr } = await runInNamespace(script, { env });
    expect({ exitCode, stderr, lines: stdout.trim().split('\n') }).toEqual({
      exitCode: 0,
      stderr: '',
      lines: [
        ...[
          '127.0.0.1:8405',
          '192.168.0.51:8404',
          '192.168.0.55:6443',
          '192.168.0.56:443',
          '192.168.0.57:443',
        ],
        ...['192.168.0.58:443', '192.168.0.59:80', '192.168.0.59:81', '192.168.0.60:9000'],
        ...['401', '200', '401'],
      ],
    });
  });
});

describe('a member whose primary card is on another network', () => {
  it('holds the virtual IP on the card that is on its network, and its peer speaks to that one', async (context) => {
    requireTools(context, ['ansible-playbook', 'keepalived', 'ip'], { root: true });
    const model = TWO_HOSTS.replace('primary: eth1', 'primary: eth0').replace('[lb1, lb2]', '[backup1, lb1]');
    const files = await rendered(model);
    const settings = (name: string) =>
      readFileSync(join(files, `${name}-keepalived.conf`), 'utf8').match(
        /^ +(interface .*|unicast_src_ip .*|[\d.]+|.* dev .*)$/gm,
      );
    const trimmed = (name: string) => settings(name)?.map((line) => line.trim());
    expect(trimmed('backup1')).toEqual([
      'interface eth1',
      'unicast_src_ip 192.168.0.60',
      '192.168.0.51',
      '192.168.0.55/24 dev eth1',
    ]);
    expect(trimmed('lb1')?.slice(1, 3)).toEqual(['unicast_src_ip 192.168.0.51', '192.168.0.60']);
    const script = `${MACHINE.replaceAll('eth0', 'eth1')}\nkeepalived -t -f "$FILES/backup1-keepalived.conf"`;
    const result = await runInNamespace(script, { env: { FILES: files } });
    expect(result).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  });
});

/** What Jinja and HAProxy could take for their own stands in a line that shows itself. */
const ODD = "description {{ lookup('pipe','id') }} {% raw %} {# no comment #} <b>";
const SECTIONS = `${SMALLEST}
loadBalancing:
  haproxy:
    sections:
      userlist people: ["user ann password $5$salt$hash"]
      resolvers inner: ["nameserver dns1 10.17.4.1:53"]
      listen postgres: ["bind 192.168.0.55:5432", "server pg1 10.17.4.9:5432 check"]
      frontend web:
        - mode http
        - bind 192.168.0.55:80
        - ${JSON.stringify(ODD)}
        - 'use_backend web if { path -i -m beg / } # a comment'
      backend web: [mode http, "server web1 worker1.kube.internal:30080 check resolvers inner init-addr none"]
waivers:
  - { rule: secret-in-clear, at: loadBalancing.haproxy.sections, reason: a hash of no password }
`;

describe('sections of HAProxy that are said word for word', () => {
  it('stand at the end, each line as it is, and are accepted by haproxy', async (context) => {
    requireTools(context, ['ansible-playbook', 'haproxy']);
    const file = join(await rendered(SECTIONS), 'lb2-haproxy.cfg');
    const [, theirs = ''] = readFileSync(file, 'utf8').split('monitor-uri /healthz\n');
    expect(theirs.split('\n').map((line) => line.replace(/^ {4}/, '  '))).toEqual([
      '',
      'backend web from tcp',
      '  mode http',
      '  server web1 worker1.kube.internal:30080 check resolvers inner init-addr none',
      '',
      'frontend web from tcp',
      '  mode http',
      '  bind 192.168.0.55:80',
      `  ${ODD}`,
      '  use_backend web if { path -i -m beg / } # a comment',
      '',
      'listen postgres from tcp',
      '  bind 192.168.0.55:5432',
      '  server pg1 10.17.4.9:5432 check',
      '',
      'resolvers inner',
      '  nameserver dns1 10.17.4.1:53',
      '',
      'userlist people',
      '  user ann password $5$salt$hash',
      '',
    ]);
    const { exitCode, stderr } = await run('haproxy', ['-dW', '-c', '-f', file]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });
});
