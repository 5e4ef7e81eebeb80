import { chmodSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildTree, clusters } from '../../support/clusters.ts';
import { inProject } from '../../support/paths.ts';
import { requireTools } from '../../support/require-tools.ts';
import { run } from '../../support/run.ts';
import { networkState } from './network-state.ts';

const [reference, smallest, haPair, twoHypervisors, openNetworks] = clusters;

/** What cloud-init makes of a guest's network-config for one of its renderers. */
async function convert(tree: string, node: string, options: readonly string[]): Promise<string> {
  const output = mkdtempSync(join(tmpdir(), 'cloud-init-'));
  const config = join(tree, 'guests', node, 'network-config');
  const args = [
    'devel',
    'net-convert',
    '--kind',
    'yaml',
    '--network-data',
    config,
    '--directory',
    output,
    ...options,
  ];
  const { exitCode, stderr } = await run('cloud-init', args);
  expect({ exitCode, stderr: stderr.replace(/^(Read input|Wrote output) format .*\n/gm, '').trim() }).toEqual(
    {
      exitCode: 0,
      stderr: '',
    },
  );
  return output;
}

const el9 = [
  {
    node: 'k8s-api-lb',
    tree: reference.tree,
    card: [
      'DEVICE=eth0',
      'IPADDR=192.168.0.50',
      'NETMASK=255.255.255.0',
      'GATEWAY=192.168.0.1',
      'DNS1=10.17.3.11',
      'DOMAIN=kube.internal',
    ],
    routes: ['10.17.3.0 via 192.168.0.40', '10.17.4.0 via 192.168.0.40'],
  },
  {
    node: 'infra-cluster',
    tree: reference.tree,
    card: [
      'DEVICE=eth0',
      'HWADDR=52:54:00:12:35:8e',
      'IPADDR=10.17.3.11',
      'GATEWAY=10.17.3.1',
      'DNS1=192.168.0.1',
    ],
    routes: [],
  },
  {
    node: 'master1',
    tree: smallest.tree,
    card: ['DEVICE=eth0', 'IPADDR=10.17.4.21', 'GATEWAY=10.17.4.1', 'DNS1=10.17.4.1', 'DOMAIN=kube.internal'],
    routes: [],
  },
  {
    node: 'k8s-api-lb2',
    tree: openNetworks.tree,
    card: ['DEVICE=eth0', 'IPADDR=192.168.0.51', 'GATEWAY=192.168.0.1', 'DNS1=10.17.3.11'],
    routes: ['10.17.3.0 via 192.168.0.40', '10.17.4.0 via 192.168.0.40'],
  },
  {
    node: 'lb2',
    tree: twoHypervisors.tree,
    card: ['DEVICE=eth0', 'IPADDR=192.168.0.52', 'GATEWAY=192.168.0.1', 'DNS1=192.168.0.1'],
    routes: ['10.17.4.0 via 192.168.0.41', '10.17.5.0 via 192.168.0.42', '10.17.6.0 via 192.168.0.41'],
  },
  {
    node: 'storage2',
    tree: twoHypervisors.tree,
    card: ['DEVICE=eth0', 'IPADDR=10.17.5.42', 'GATEWAY=10.17.5.1', 'DNS1=10.17.5.1'],
    routes: [],
  },
];

describe.each(el9)('$node, a guest with EL9', ({ node, tree, card, routes }) => {
  it('has its address, gateway, DNS and routes in the files of its network scripts', async (context) => {
    requireTools(context, ['cloud-init']);
    const output = await convert(tree, node, [
      '--output-kind',
      'sysconfig',
      '--distro',
      'rocky',
      '--mac',
      'eth0,52:54:00:12:35:8e',
    ]);
    const scripts = join(output, 'etc/sysconfig/network-scripts');
    const lines = readFileSync(join(scripts, 'ifcfg-eth0'), 'utf8').split('\n');
    expect(lines).toEqual(expect.arrayContaining([...card, 'BOOTPROTO=none', 'DEFROUTE=yes', 'ONBOOT=yes']));
    expect(routes.length === 0 ? [] : routesIn(join(scripts, 'route-eth0'))).toEqual(routes);
  });

  it('has the same in a profile of NetworkManager', async (context) => {
    requireTools(context, ['cloud-init']);
    const output = await convert(tree, node, [
      '--output-kind',
      'network-manager',
      '--distro',
      'rocky',
      '--mac',
      'eth0,52:54:00:12:35:8e',
    ]);
    const profile = readFileSync(
      join(output, 'etc/NetworkManager/system-connections/cloud-init-eth0.nmconnection'),
      'utf8',
    );
    const value = (key: string) =>
      card.find((line) => line.startsWith(`${key}=`))?.slice(key.length + 1) ?? '';
    expect(profile).toContain(
      `method=manual\nmay-fail=false\naddress1=${value('IPADDR')}/24\nroute1=0.0.0.0/0,${value('GATEWAY')}\n`,
    );
    for (const [to, , via] of routes.map((route) => route.split(' ')))
      expect(profile).toContain(`=${to}/24,${via}\n`);
    expect(profile).toContain(`dns=${value('DNS1')};`);
  });
});

describe('load-balancer1, a guest with EL9 and a reserved address', () => {
  it('asks the name server that libvirt does not hand out', async (context) => {
    requireTools(context, ['cloud-init']);
    const output = await convert(openNetworks.tree, 'load-balancer1', [
      ...['--output-kind', 'sysconfig', '--distro', 'rocky', '--mac', 'eth0,52:54:00:3a:00:ae'],
    ]);
    const card = readFileSync(join(output, 'etc/sysconfig/network-scripts/ifcfg-eth0'), 'utf8');
    expect(card).toMatch(/^BOOTPROTO=dhcp$/m);
    const servers = readFileSync(join(output, 'etc/resolv.conf'), 'utf8').match(/^nameserver .*$/gm);
    expect(servers).toEqual(['nameserver 10.17.3.11']);
  });
});

describe('storage2, a guest with EL9 and two cards', () => {
  it('has an address on the second one, and no default route there', async (context) => {
    requireTools(context, ['cloud-init']);
    const options = ['--output-kind', 'sysconfig', '--distro', 'rocky'];
    const output = await convert(twoHypervisors.tree, 'storage2', options);
    const lines = readFileSync(join(output, 'etc/sysconfig/network-scripts/ifcfg-eth1'), 'utf8').split('\n');
    expect(lines).toEqual(expect.arrayContaining(['DEVICE=eth1', 'IPADDR=10.17.6.42', 'BOOTPROTO=none']));
    expect(lines.filter((line) => /^(GATEWAY|DEFROUTE|DNS1)=/.test(line))).toEqual([]);
  });
});

function routesIn(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  const values = (key: string) =>
    [...text.matchAll(new RegExp(`^${key}\\d+=(.*)$`, 'gm'))].map(([, value]) => value);
  const via = values('GATEWAY');
  return values('ADDRESS').map((to, index) => `${to} via ${via[index]}`);
}

describe('a guest with Debian', () => {
  const onLan = ['10.17.4.0/24 via 192.168.0.40', 'default via 192.168.0.1'];

  it.for([
    {
      what: 'its MAC address',
      tree: () => buildTree(inProject('test/models/reservations.yaml')),
      node: 'lb1',
      mac: '52:54:00:00:00:50',
      address: '192.168.0.50/24',
      routes: onLan,
    },
    {
      what: 'no MAC address, as its only card',
      tree: () => buildTree(inProject('test/models/reservations.yaml')),
      node: 'lb2',
      mac: '52:54:00:77:77:77',
      address: '192.168.0.51/24',
      routes: onLan,
    },
    {
      what: 'a network in nat mode',
      tree: () => buildTree(inProject('test/models/modes.yaml')),
      node: 'tool2',
      mac: '52:54:00:77:77:77',
      address: '10.17.6.42/24',
      routes: ['default via 10.17.6.1'],
    },
    {
      what: 'a router on the link that is not in its range',
      tree: () => buildTree(inProject('test/cases/ok/router-on-the-link/cluster.yaml')),
      node: 'lb1',
      mac: '52:54:00:00:00:67',
      address: '203.0.113.67/29',
      routes: ['10.17.4.0/24 via 203.0.113.66', 'default via 172.31.1.1'],
    },
    {
      what: 'an isolated network',
      tree: () => buildTree(inProject('test/models/modes.yaml')),
      node: 'vault2',
      mac: '52:54:00:77:77:77',
      address: '10.17.7.52/24',
      routes: [],
    },
    {
      what: 'the LAN of the example with two load balancers',
      tree: () => haPair.tree,
      node: 'lb1',
      mac: '52:54:00:77:77:77',
      address: '192.168.1.51/24',
      routes: ['10.17.4.0/24 via 192.168.1.10', 'default via 192.168.1.1'],
    },
  ])(
    'with $what has what netplan makes of its file, and systemd-networkd of that',
    async ({ tree, node, mac, address, routes }, context) => {
      requireTools(context, ['cloud-init', 'netplan', 'ip', 'unshare'], { root: true });
      const output = await convert(tree(), node, ['--output-kind', 'netplan', '--distro', 'debian']);
      chmodSync(join(output, 'etc/netplan/50-cloud-init.yaml'), 0o600); // as cloud-init does on a guest
      const { exitCode, stderr } = await run('netplan', ['generate', '--root-dir', output]);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      const state = await networkState(join(output, 'run/systemd/network'), { mac, interface: 'enp1s0' });
      expect(state).toEqual({ addresses: [address], routes });
    },
  );
});
