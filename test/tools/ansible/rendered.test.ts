import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildTree, clusters } from '../../support/clusters.ts';
import { runInNamespace } from '../../support/namespace.ts';
import { inProject } from '../../support/paths.ts';
import { requireTools } from '../../support/require-tools.ts';
import { run } from '../../support/run.ts';
import { renderTree } from './render-tree.ts';

const [reference, smallest, haPair, twoHypervisors, openNetworks] = clusters;
const full = inProject('test/models/full.yaml');
const passwords = {
  vault_keepalived_auth_pass: 'Secret12',
  vault_haproxy_stats_password: 'Secret34',
};

/** Each tree is rendered once; every test below looks at the same files. */
const rendered = {
  reference: once(() => renderTree(reference.tree, {}, 'vip_members')),
  smallest: once(() => renderTree(smallest.tree, {}, 'vip_members')),
  'ha-pair': once(() => renderTree(haPair.tree, {}, 'vip_members')),
  'two-hypervisors': once(() => renderTree(twoHypervisors.tree, {}, 'vip_members')),
  'open-networks': once(() => renderTree(openNetworks.tree, {}, 'vip_members')),
  // VRRPv2 with a password, two virtual IPs and three frontends.
  full: once(() => renderTree(buildTree(full), passwords, 'vip_members')),
};
const profiles = {
  reference: once(() => renderTree(reference.tree, {}, 'hypervisors')),
  smallest: once(() => renderTree(smallest.tree, {}, 'hypervisors')),
  'ha-pair': once(() => renderTree(haPair.tree, {}, 'hypervisors')),
  full: once(() => renderTree(buildTree(full), {}, 'hypervisors')),
  vlans: once(() => renderTree(buildTree(inProject('test/models/vlans.yaml')), {}, 'hypervisors')),
  'two-hypervisors': once(() => renderTree(twoHypervisors.tree, {}, 'hypervisors')),
  'open-networks': once(() => renderTree(openNetworks.tree, {}, 'hypervisors')),
};

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

const members = [
  { name: 'reference', member: 'k8s-api-lb' },
  { name: 'smallest', member: 'lb1' },
  { name: 'smallest', member: 'lb2' },
  { name: 'ha-pair', member: 'lb1' },
  { name: 'ha-pair', member: 'lb2' },
  { name: 'two-hypervisors', member: 'lb1' },
  { name: 'two-hypervisors', member: 'lb2' },
  { name: 'open-networks', member: 'k8s-api-lb' },
  { name: 'open-networks', member: 'k8s-api-lb2' },
  { name: 'full', member: 'lb1' },
  { name: 'full', member: 'lb2' },
] as const;

/** The machine that a member is: its interface, its sysctl, the check where the configuration names it. */
const MACHINE = `
ip link add eth0 type veth peer name other && ip link set eth0 up && ip link set other up
sysctl -q -w net.ipv4.ip_nonlocal_bind=1
mount -t tmpfs tmpfs /usr/libexec && mkdir /usr/libexec/keepalived
install -m 755 "$FILES/$MEMBER-check_haproxy" /usr/libexec/keepalived/check_haproxy
`;

describe.each(members)('what $member of $name gets', ({ name, member }) => {
  it('is accepted by haproxy without a warning', async (context) => {
    requireTools(context, ['ansible-playbook', 'haproxy']);
    const file = join(await rendered[name](), `${member}-haproxy.cfg`);
    const { exitCode, stderr } = await run('haproxy', ['-dW', '-c', '-f', file]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });

  it('is accepted by keepalived, on a machine that has the interface', async (context) => {
    requireTools(context, ['ansible-playbook', 'keepalived', 'ip'], { root: true });
    const script = `${MACHINE}\nkeepalived -t -f "$FILES/$MEMBER-keepalived.conf"`;
    const result = await runInNamespace(script, { env: { FILES: await rendered[name](), MEMBER: member } });
    expect(result).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  });
});

describe('a member of the smallest cluster', () => {
  it('binds the virtual IP that it does not hold, and its check tells whether HAProxy answers', async (context) => {
    requireTools(context, ['ansible-playbook', 'haproxy', 'ip', 'ss'], { root: true });
    const script = `${MACHINE}
check=/usr/libexec/keepalived/check_haproxy
$check 2>/dev/null && echo "answers before HAProxy runs"
haproxy -f "$FILES/$MEMBER-haproxy.cfg" >/dev/null 2>&1 & haproxy=$!
for attempt in $(seq 50); do $check 2>/dev/null && break; sleep 0.1; done
$check && echo answers
ss -Hltn src 192.168.0.55:6443 | wc -l
kill -9 $haproxy; wait $haproxy || true
$check 2>/dev/null || echo "answers no more"
`;
    const result = await runInNamespace(script, { env: { FILES: await rendered.smallest(), MEMBER: 'lb1' } });
    expect(result).toMatchObject({ exitCode: 0, stdout: 'answers\n1\nanswers no more\n' });
  });

  it('has one VRRP instance for the virtual IP, on the interface that was found, and hears its peer', async (context) => {
    requireTools(context, ['ansible-playbook']);
    const text = readFileSync(join(await rendered.smallest(), 'lb2-keepalived.conf'), 'utf8');
    expect(text.match(/vrrp_instance \w+/g)).toEqual(['vrrp_instance api']);
    expect(text.match(/192\.168\.0\.55\S*/g)).toEqual(['192.168.0.55/24']);
    expect(text).toMatch(
      /state BACKUP\n\s+nopreempt\n\s+interface eth0\n\s+virtual_router_id 55\n\s+priority 140\n/,
    );
    expect(text).toMatch(/unicast_src_ip 192\.168\.0\.51\n\s+unicast_peer \{\n\s+192\.168\.0\.50\n\s+\}/);
    expect(text).not.toMatch(/weight|authentication|notify|br0/);
  });
});

describe('a member whose Keepalived is killed', () => {
  it('has systemd take back its virtual IPs, and start it again', async (context) => {
    requireTools(context, ['ansible-playbook', 'systemd-analyze', 'unshare'], { root: true });
    const text = readFileSync(join(await rendered['ha-pair'](), 'lb2-keepalived.service.conf'), 'utf8');
    expect(text.match(/^ExecStopPost=.*$/gm)).toEqual([
      'ExecStopPost=-/usr/sbin/ip -4 address delete 192.168.1.60/24 dev eth0',
      'ExecStopPost=-/usr/sbin/ip -4 address delete 192.168.1.61/24 dev eth0',
    ]);
    expect(text).toMatch(/^Restart=on-failure$/m);
    const script = `
mount -t tmpfs tmpfs /etc/systemd/system
printf '[Service]\\nType=notify\\nExecStart=/usr/sbin/keepalived --dont-fork\\n' >/etc/systemd/system/keepalived.service
install -D -m 644 "$FILES/lb2-keepalived.service.conf" /etc/systemd/system/keepalived.service.d/cluster.conf
systemd-analyze verify /etc/systemd/system/keepalived.service 2>&1`;
    const result = await runInNamespace(script, { env: { FILES: await rendered['ha-pair']() } });
    expect(result).toMatchObject({ exitCode: 0, stdout: '' });
  });
});

describe('a member with VRRPv2', () => {
  it('has the password that the vault holds', async (context) => {
    requireTools(context, ['ansible-playbook']);
    const text = readFileSync(join(await rendered.full(), 'lb1-keepalived.conf'), 'utf8');
    expect(text).toMatch(/vrrp_version 2\n[\s\S]*auth_type PASS\n\s+auth_pass Secret12\n/);
  });
});

const onLinux = ['bridge br0', 'ethernet enp4s0f1 in bridge br0'];
const onOpenVswitch = [
  'ethernet enp4s0f1 in ovs-port enp4s0f1',
  'ovs-bridge br0',
  'ovs-interface br0 in ovs-port br0',
  'ovs-port br0 in ovs-bridge br0',
  'ovs-port enp4s0f1 in ovs-bridge br0',
];
const vlanPort = ['ovs-interface br0.10 in ovs-port br0.10', 'ovs-port br0.10 in ovs-bridge br0'];
const secondOpenVswitch = [
  'ovs-bridge br1',
  'ovs-interface br1 in ovs-port br1',
  'ovs-port br1 in ovs-bridge br1',
];
const onTwoBridges = [
  'bridge br0',
  'bridge br1',
  'ethernet eno1 in bridge br0',
  'ethernet eno2 in bridge br1',
];

interface ExpectedProfiles {
  readonly name: keyof typeof profiles;
  readonly host: string;
  readonly links: readonly string[];
  /** br0's uplink, and its MAC address. */
  readonly uplink: readonly [string, string];
  /** The addresses and routes of all bridges, as NetworkManager reads them. */
  readonly ipv4: readonly string[];
}

const ENP4S0F1 = ['enp4s0f1', '52:54:00:00:00:40'] as const;
const ENO1 = ['eno1', '52:54:00:00:00:41'] as const;

const hypervisors: readonly ExpectedProfiles[] = [
  {
    name: 'reference',
    host: 'virtualizacion-server',
    links: onOpenVswitch,
    uplink: ENP4S0F1,
    ipv4: ['address1=192.168.0.40/24,192.168.0.1', 'address2=10.17.3.1/24', 'address3=10.17.4.1/24'],
  },
  {
    name: 'smallest',
    host: 'kvm1',
    links: onLinux,
    uplink: ENP4S0F1,
    ipv4: ['address1=192.168.0.40/24,192.168.0.1'],
  },
  {
    name: 'ha-pair',
    host: 'kvm1',
    links: onLinux,
    uplink: ENP4S0F1,
    ipv4: ['address1=192.168.1.10/24,192.168.1.1'],
  },
  {
    name: 'open-networks',
    host: 'virtualizacion-server',
    links: onLinux,
    uplink: ENP4S0F1,
    ipv4: ['address1=192.168.0.40/24,192.168.0.1'],
  },
  {
    name: 'full',
    host: 'kvm1',
    links: [...onOpenVswitch, ...secondOpenVswitch].sort(),
    uplink: ENP4S0F1,
    ipv4: ['address1=192.168.0.40/24,192.168.0.1'],
  },
  {
    name: 'full',
    host: 'kvm2',
    links: onLinux,
    uplink: ENP4S0F1,
    ipv4: [
      'address1=192.168.0.41/24,192.168.0.1',
      'route1=10.17.4.0/24,192.168.0.40',
      'route2=10.17.14.0/23,192.168.0.40',
    ],
  },
  {
    name: 'vlans',
    host: 'kvm1',
    links: [...onOpenVswitch, ...vlanPort].sort(),
    uplink: ENP4S0F1,
    ipv4: ['address1=192.168.0.40/24,192.168.0.1', 'address1=10.17.4.1/24'],
  },
  {
    name: 'two-hypervisors',
    host: 'kvm1',
    links: onTwoBridges,
    uplink: ENO1,
    ipv4: [
      'address1=192.168.0.41/24,192.168.0.1',
      'route1=10.17.5.0/24,192.168.0.42',
      'address1=10.17.6.1/24',
    ],
  },
  {
    name: 'two-hypervisors',
    host: 'kvm2',
    links: onTwoBridges,
    uplink: ENO1,
    ipv4: [
      'address1=192.168.0.42/24,192.168.0.1',
      'route1=10.17.4.0/24,192.168.0.41',
      'address1=10.17.6.2/24',
    ],
  },
];

/** What a hypervisor's profiles make: type and name of each link, and of the one that it is a part of. */
function linksIn(folder: string, host: string): string[] {
  const links = readdirSync(folder)
    .filter((file) => file.startsWith(`${host}-`))
    .map((file) => {
      const text = readFileSync(join(folder, file), 'utf8');
      return (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(text)?.[1] ?? '';
    });
  return links
    .map((profile) => {
      const link = `${profile('type')} ${profile('interface-name')}`;
      if (profile('master') === '') return link;
      const whole = links.find((other) => other('uuid') === profile('master'));
      const role = profile('slave-type') === whole?.('type') ? '' : ` as if in ${profile('slave-type')}`;
      return `${link} in ${whole?.('type')} ${whole?.('interface-name')}${role}`;
    })
    .sort();
}

describe.each(hypervisors)('what $host of $name gets', ({ name, host, links, uplink: [card, mac], ipv4 }) => {
  it('is links that belong to one another, with the MAC address of the uplink', async (context) => {
    requireTools(context, ['ansible-playbook']);
    const folder = await profiles[name]();
    expect(linksIn(folder, host)).toEqual(links);
    const withAddress = readdirSync(folder).filter(
      (file) => file.startsWith(`${host}-`) && /br0-(linux-bridge|ovs-interface)\.nm/.test(file),
    );
    expect(withAddress.map((file) => readFileSync(join(folder, file), 'utf8'))).toEqual([
      expect.stringMatching(new RegExp(`^\\[ethernet\\]\n(#.*\n)*cloned-mac-address=${mac}\n`, 'm')),
    ]);
  });

  it('is profiles that NetworkManager reads', async (context) => {
    requireTools(context, ['ansible-playbook', 'nmcli']);
    const read = `for file in ${host}-*; do nmcli --offline connection modify connection.zone "" < "$file"; done`;
    const { exitCode, stdout, stderr } = await run('bash', ['-ec', read], { cwd: await profiles[name]() });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    // It leaves out what it cannot make sense of, and says nothing.
    expect(stdout.match(/^(address|route)\d+=.*/gm)).toEqual(ipv4);
    expect(stdout).toMatch(new RegExp(`interface-name=${card}\nmaster=[0-9a-f-]{36}\n`));
  });
});

describe('what the hypervisor gets for a VLAN that it routes', () => {
  it('is a port with the tag, and an interface with the address of the router', async (context) => {
    requireTools(context, ['ansible-playbook', 'nmcli']);
    const read = async (profile: string) => {
      const script = `nmcli --offline connection modify connection.zone "" < kvm1-br0.10-${profile}.nmconnection`;
      return (await run('bash', ['-c', script], { cwd: await profiles.vlans() })).stdout;
    };
    expect(await read('ovs-port')).toMatch(/^\[ovs-port\]\ntag=10$/m);
    expect(await read('ovs-interface')).toMatch(/^address1=10\.17\.4\.1\/24\nmethod=manual$/m);
  });
});
