import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { buildTree, clusters } from '../../support/clusters.ts';
import { largeHypervisorOf, largeModel, largeNodes } from '../../support/large-model.ts';
import { runInNamespace } from '../../support/namespace.ts';
import { inProject } from '../../support/paths.ts';
import { requireTools } from '../../support/require-tools.ts';
import { run } from '../../support/run.ts';
import { succeed, useTerraform } from '../../support/terraform.ts';
import { renderTree } from '../ansible/render-tree.ts';
import { networkState } from '../guests/network-state.ts';
import { tools as libvirtTools, runBesideLibvirtd } from '../libvirt/libvirtd.ts';
import { writePlannedNetworks } from '../libvirt/planned-networks.ts';

const [reference] = clusters;
const HYPERVISORS = ['kvm1', 'kvm2', 'kvm3'];
const NETWORKS = Array.from({ length: 11 }, (_, index) => index + 1);
const terraform = useTerraform({ shareProvider: true });
const scratch = mkdtempSync(join(tmpdir(), 'gen-infra-large-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const tree = built('0.8.3');
afterAll(() => rmSync(tree, { recursive: true }));

function built(provider: '0.8.3' | '0.9.7'): string {
  const model = join(scratch, `${provider}.yaml`);
  writeFileSync(model, largeModel(provider));
  return buildTree(model);
}

function secondsTo(build: () => string): number {
  const started = performance.now();
  rmSync(build(), { recursive: true });
  return (performance.now() - started) / 1000;
}

const namesWhere = (is: (node: (typeof largeNodes)[number]) => boolean) =>
  largeNodes.filter(is).map(({ name }) => name);

/** The networks that a hypervisor routes. */
const routedBy = (hypervisor: string) =>
  NETWORKS.filter((number) => largeHypervisorOf(number) === hypervisor);

describe('a model of 1,000 nodes on 12 networks and three hypervisors', () => {
  it('is built in far less than 83 times the time of 12 nodes', () => {
    expect(largeNodes).toHaveLength(1000);
    // In turn, and the best of each: others use the machine, too.
    const turns = [1, 2, 3].map(() => ({
      large: secondsTo(() => built('0.8.3')),
      small: secondsTo(() => buildTree(reference.model)),
    }));
    const ratio = Math.min(...turns.map(({ large }) => large)) / Math.min(...turns.map(({ small }) => small));
    console.log(`1,000 nodes take ${ratio.toFixed(1)} times as long as 12.`);
    expect(ratio).toBeLessThan(20);
  });

  it.for(HYPERVISORS)('gives %s a ruleset that nft checks and loads', async (hypervisor, context) => {
    requireTools(context, ['nft', 'unshare'], { root: true });
    const script = 'nft -c -f "$RULESET"; nft -f "$RULESET"; nft list set inet gi_large all_nodes';
    const RULESET = join(tree, `nftables/${hypervisor}.conf`);
    const { exitCode, stdout, stderr } = await runInNamespace(script, { env: { RULESET } });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const addresses = stdout.match(/\d+\.\d+\.\d+\.\d+/g) ?? [];
    expect(addresses.toSorted()).toEqual(largeNodes.map(({ ip }) => ip).toSorted());
  });

  it('is to Ansible all nodes with their addresses, in their groups', async (context) => {
    requireTools(context, ['ansible-inventory']);
    const { stdout } = await run('ansible-inventory', ['--list'], { cwd: join(tree, 'ansible') });
    const { _meta, ...groups } = JSON.parse(stdout);
    const addresses = largeNodes.map(({ name }) => [name, _meta.hostvars[name]?.ansible_host]);
    expect(addresses).toEqual(largeNodes.map(({ name, ip }) => [name, ip]));
    expect(Object.keys(_meta.hostvars)).toHaveLength(1003);
    const wanted = {
      nodes: namesWhere(() => true),
      hypervisors: HYPERVISORS,
      vip_members: ['lb1', 'lb2', 'lb3'],
      kubernetes: namesWhere(({ role }) => role !== 'load-balancer'),
      load_balancers: ['lb1', 'lb2', 'lb3'],
      masters: ['node1', 'node2', 'node3', 'node4', 'node5'],
      storage: namesWhere(({ role }) => role === 'storage'),
      workers: namesWhere(({ role }) => role === 'worker'),
      lan: ['lb1', 'lb2', 'lb3'],
      ...Object.fromEntries(
        NETWORKS.map((number) => [`kube${number}`, namesWhere(({ network }) => network === `kube${number}`)]),
      ),
    };
    for (const [group, hosts] of Object.entries(wanted))
      expect(groups[group]?.hosts.toSorted(), group).toEqual(hosts.toSorted());
    expect(Object.keys(groups).toSorted()).toEqual(['all', ...Object.keys(wanted)].toSorted());
  });

  it('says what is verified in a few entries, from which each machine works out its own part', async (context) => {
    requireTools(context, ['ansible']);
    const cwd = join(tree, 'ansible');
    const read = (path: string) => parse(readFileSync(join(cwd, path), 'utf8'));
    // From each load balancer to masters and web servers, from Kubernetes' nodes twice to the API and once to the
    // router, and from each network to the DNS server.
    expect(read('inventory/group_vars/all/verify.yml').verify_targets).toHaveLength(3 * 2 + 3 + 12);
    const [, { tasks }] = read('playbooks/verify_connectivity.yml');
    const args = ['lb1,node7', '--playbook-dir', 'playbooks', '--connection', 'local'];
    const env = { ANSIBLE_LOAD_CALLBACK_PLUGINS: '1', ANSIBLE_STDOUT_CALLBACK: 'json' };
    const debug = ['--module-name', 'debug', '--args', JSON.stringify({ msg: tasks[0].loop })];
    const { stdout } = await succeed(run('ansible', [...args, ...debug], { cwd, env }));
    const { hosts } = JSON.parse(stdout).plays[0].tasks[0];
    const tried = (host: string) =>
      hosts[host].msg
        .map(({ to, address, port, probe }: Record<string, unknown>) => `${to} ${address}:${port} ${probe}`)
        .toSorted();
    const answering = (role: string, port: number) =>
      largeNodes.filter((node) => node.role === role).map(({ name, ip }) => `${name} ${ip}:${port} tcp`);
    const dns = 'node6 10.7.1.1:53 tcp';
    expect(tried('lb1')).toEqual(
      [...answering('master', 6443), ...answering('worker', 30080), dns].toSorted(),
    );
    expect(tried('node7')).toEqual(['192.168.0.1 192.168.0.1:0 ping', 'api 192.168.2.55:6443 readyz', dns]);
  });

  it('has playbooks that pass --syntax-check, and files that yamllint, ansible-lint and prettier like', async (context) => {
    requireTools(context, ['ansible-lint', 'ansible-playbook', 'yamllint']);
    const cwd = join(tree, 'ansible');
    const playbooks = readdirSync(join(cwd, 'playbooks')).filter((name) => name.endsWith('.yml'));
    expect(playbooks).toHaveLength(6);
    const args = ['--syntax-check', ...playbooks.map((name) => `playbooks/${name}`)];
    await succeed(run('ansible-playbook', args, { cwd }));
    await succeed(run('yamllint', ['--strict', '.'], { cwd }));
    const lint = await succeed(run('ansible-lint', ['--nocolor', '--offline'], { cwd }));
    expect(lint.stderr).toMatch(/Passed with production profile: 0 failure\(s\), 0 warning\(s\)/);
    await succeed(run(inProject('node_modules/.bin/prettier'), ['--check', '.'], { cwd: tree }));
  });

  it('has load balancers whose files haproxy and keepalived accept, with a backend of 973 servers', async (context) => {
    requireTools(context, ['ansible-playbook', 'haproxy', 'keepalived', 'ip'], { root: true });
    const FILES = await renderTree(tree, {}, 'vip_members');
    const haproxy = readFileSync(join(FILES, 'lb2-haproxy.cfg'), 'utf8');
    expect(haproxy.match(/^ {4}server \S+ \S+:30080$/gm)).toHaveLength(973);
    const script = `
ip link add eth0 type veth peer name other && ip link set eth0 up && ip link set other up
mount -t tmpfs tmpfs /usr/libexec && mkdir /usr/libexec/keepalived
for member in lb1 lb2 lb3; do
  haproxy -dW -c -f "$FILES/$member-haproxy.cfg" >&2
  install -m 755 "$FILES/$member-check_haproxy" /usr/libexec/keepalived/check_haproxy
  keepalived -t -f "$FILES/$member-keepalived.conf"
done`;
    const result = await runInNamespace(script, { env: { FILES } });
    expect(result).toEqual({ exitCode: 0, stdout: '', stderr: 'Configuration file is valid\n'.repeat(3) });
  });

  it('gives guests what cloud-init and systemd-networkd understand', async (context) => {
    requireTools(context, ['cloud-init', 'ip', 'unshare'], { root: true });
    const output = mkdtempSync(join(scratch, 'cloud-init-'));
    const files = ['--network-data', join(tree, 'guests/node6/network-config'), '--directory', output];
    const kinds = ['--kind', 'yaml', '--output-kind', 'netplan', '--distro', 'debian'];
    await succeed(run('cloud-init', ['devel', 'net-convert', ...files, ...kinds]));
    const netplan = parse(readFileSync(join(output, 'etc/netplan/50-cloud-init.yaml'), 'utf8'));
    expect(netplan.network.ethernets).toMatchObject({
      enp1s0: { addresses: ['10.7.1.1/20'], routes: [{ to: '0.0.0.0/0', via: '10.7.0.1' }] },
    });
    const card = { mac: '52:54:00:77:77:77', interface: 'ens3' };
    expect(await networkState(join(tree, 'guests/node992'), card)).toEqual({
      addresses: ['10.3.1.91/20'],
      routes: ['default via 10.3.0.1'],
    });
  });
});

describe.for([
  { provider: '0.8.3', hypervisors: HYPERVISORS },
  { provider: '0.9.7', hypervisors: ['kvm1'] },
] as const)('with provider $provider', ({ provider, hypervisors }) => {
  it.for(hypervisors)(
    '%s has a root module with its networks, which libvirt starts',
    async (hypervisor, context) => {
      requireTools(context, libvirtTools, { root: true });
      const source = join(provider === '0.8.3' ? tree : built(provider), 'terraform', hypervisor);
      const folder = terraform.newFolder(source);
      await succeed(terraform.run(folder, 'init'));
      const { stdout } = await succeed(terraform.run(folder, 'validate', '-json'));
      expect(JSON.parse(stdout)).toMatchObject({ valid: true, diagnostics: [] });
      const networks = routedBy(hypervisor);
      const NETWORKS = await writePlannedNetworks(terraform, [source]);
      const names = ['lan', ...networks.map((number) => `kube${number}`)].toSorted();
      expect(readdirSync(NETWORKS).toSorted()).toEqual(names.map((name) => `${name}.xml`));

      const RESULTS = mkdtempSync(join(scratch, 'libvirt-'));
      const start = `source '${inProject('test/tools/libvirt/start-networks.sh')}'\n`;
      await succeed(runBesideLibvirtd(start, { NETWORKS, RESULTS }));
      expect(readFileSync(join(RESULTS, 'active'), 'utf8').trim().split(/\s+/).toSorted()).toEqual(names);
      for (const number of networks) {
        const xml = readFileSync(join(RESULTS, `kube${number}.xml`), 'utf8');
        const reserved = [...xml.matchAll(/<host mac='(.*)' name='(.*)' ip='(.*)'\/>/g)];
        const wanted = largeNodes.filter(
          ({ network, mac }) => network === `kube${number}` && mac !== undefined,
        );
        expect(reserved.map(([, mac, name, ip]) => ({ mac, name, ip }))).toEqual(
          wanted.map(({ mac, name, ip }) => ({ mac, name, ip })),
        );
      }
    },
  );
});
