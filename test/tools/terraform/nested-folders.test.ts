import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildChangedTree, clusters, withProvider097 } from '../../support/clusters.ts';
import { inProject } from '../../support/paths.ts';
import { requireTools } from '../../support/require-tools.ts';
import { succeed, useTerraform } from '../../support/terraform.ts';
import { openSchemas, strictCheck } from './strict-check.ts';

/** A network that libvirt only attaches guests to. */
const bridged = { autostart: true, forward: { mode: 'bridge' }, bridge: { name: 'br0' } };
const onOpenVswitch = { ...bridged, virtual_port: { params: { open_v_switch: {} } } };

/** The network `kube` of the small clusters. */
const open = {
  name: 'kube',
  autostart: true,
  forward: { mode: 'open' },
  bridge: { name: 'virbr_kube' },
  mac: { address: '52:54:00:b6:68:34' },
  domain: { name: 'kube.internal', local_only: 'yes' },
  dns: { enable: 'yes' },
};
const ip = { family: 'ipv4', address: '10.17.4.1', prefix: 24 };
const ranges = [{ start: '10.17.4.100', end: '10.17.4.199' }];
const hosts = [
  { mac: '52:54:00:00:04:21', name: 'master1', ip: '10.17.4.21' },
  { mac: '52:54:00:00:04:24', name: 'worker1', ip: '10.17.4.24' },
];

/** A network of the model with one of each mode, 10.17.`third`.0/24, with the first of its nodes. */
function made(name: string, third: string, mac: string, node: string, last: string) {
  const { forward, ...isolated } = open;
  const host = { mac: `52:54:00:00:0${third}:${last}`, name: node, ip: `10.17.${third}.${last}` };
  const dhcp = { ranges: [{ start: `10.17.${third}.100`, end: `10.17.${third}.199` }], hosts: [host] };
  return {
    ...isolated,
    name,
    bridge: { name: `virbr_${name}` },
    mac: { address: mac },
    ips: [{ ...ip, address: `10.17.${third}.1`, dhcp }],
  };
}

const [reference, smallest] = clusters;
const trees: Readonly<Record<string, string>> = {
  reference: buildChangedTree(reference.model, withProvider097),
  smallest: buildChangedTree(smallest.model, withProvider097),
  'other-router': buildChangedTree(smallest.model, (text) =>
    withProvider097(text).replace(/, dhcp: [\d.-]+/, ', router: 10.17.4.254'),
  ),
  reservations: buildChangedTree(inProject('test/models/reservations.yaml'), withProvider097),
  modes: buildChangedTree(inProject('test/models/modes.yaml'), withProvider097),
  vlans: buildChangedTree(inProject('test/models/vlans.yaml'), withProvider097),
  'two-hypervisors': buildChangedTree(
    inProject('test/cases/err/terraform-providers-mixed/cluster.yaml'),
    withProvider097,
  ),
};

/** Of two ranges, the first with DHCP. */
const data = { ...made('data', '5', '52:54:00:93:bc:07', 'db1', '31'), forward: { mode: 'route' } };

/** A folder of a cluster, the label in it, and what its network is planned to be. */
const folders: readonly (readonly [cluster: string, folder: string, label: string, network: object])[] = [
  ['reference', 'br0_network', 'br0', { ...onOpenVswitch, name: 'kube_network_01' }],
  ['reference', 'nat_network_02', 'kube_network_02', { ...onOpenVswitch, name: 'kube_network_02' }],
  ['reference', 'nat_network_03', 'kube_network_03', { ...onOpenVswitch, name: 'kube_network_03' }],
  ['smallest', 'lan', 'lan', { ...bridged, name: 'lan' }],
  ['smallest', 'kube', 'kube', { ...open, ips: [{ ...ip, dhcp: { ranges } }] }],
  ['other-router', 'kube', 'kube', { ...open, ips: [{ ...ip, address: '10.17.4.254' }] }],
  [
    'reservations',
    'kube',
    'kube',
    { ...open, mac: { address: '52:54:00:f0:85:47' }, ips: [{ ...ip, dhcp: { ranges, hosts } }] },
  ],
  ['modes', 'data', 'data', { ...data, ips: [...data.ips, { ...ip, address: '10.17.15.1' }] }],
  [
    'modes',
    'tools',
    'tools',
    {
      ...made('tools', '6', '52:54:00:0b:8a:39', 'tool1', '41'),
      forward: { mode: 'nat', nat: { ports: [{ start: 20000, end: 29999 }] } },
      domain: { name: 'tools.internal', local_only: 'yes' },
    },
  ],
  ['modes', 'vault', 'vault', made('vault', '7', '52:54:00:33:b1:89', 'vault1', '51')],
  ['vlans', 'kube', 'kube', { ...onOpenVswitch, name: 'kube', vlan: { tags: [{ id: 10 }] } }],
];

const terraform = useTerraform();
const strict = useTerraform({ shareProvider: true, schemas: openSchemas(terraform.newFolder()) });

describe.concurrent('with provider 0.9.7 the cluster', () => {
  test.for(folders)(
    '%s has in terraform/%s what terraform init, validate and plan agree to make %s',
    async ([cluster, folder, label, network], context) => {
      requireTools(context, ['terraform']);
      const copy = terraform.newFolder(join(trees[cluster] ?? '', 'terraform', folder));
      await succeed(terraform.run(copy, 'fmt', '-check', '-diff'));
      await succeed(terraform.run(copy, 'init'));
      expect(readFileSync(join(copy, '.terraform.lock.hcl'), 'utf8')).toMatch(
        /^ {2}version +=( "0\.9\.7")\n {2}constraints =\1$/m,
      );
      const { stdout } = await succeed(terraform.run(copy, 'validate', '-json'));
      expect(JSON.parse(stdout)).toMatchObject({ valid: true, diagnostics: [] });
      const plan = await terraform.plan(copy);
      expect(plan.resource_changes).toMatchObject([
        { address: `libvirt_network.${label}`, change: { actions: ['create'] } },
        { address: `terraform_data.${label}`, change: { actions: ['create'] } },
      ]);
      expect(said(plan.planned_values.root_module.resources?.[0]?.values)).toEqual(network);
      expect(plan.configuration.provider_config['libvirt']?.expressions).toEqual({
        uri: { constant_value: 'qemu:///system' },
      });
    },
  );

  test('two-hypervisors has both in one module, each network with its own', async (context) => {
    requireTools(context, ['terraform']);
    const folder = terraform.newFolder(join(trees['two-hypervisors'] ?? '', 'terraform/networks'));
    await succeed(terraform.run(folder, 'fmt', '-check', '-diff'));
    await succeed(terraform.run(folder, 'init'));
    const { root_module, provider_config } = (await terraform.plan(folder)).configuration;
    const networks = root_module.resources.filter(({ address }) => address.startsWith('libvirt_network.'));
    expect(networks).toMatchObject([
      { address: 'libvirt_network.kube', provider_config_key: 'libvirt.kvm1' },
      { address: 'libvirt_network.lan_kvm1', provider_config_key: 'libvirt.kvm1' },
      { address: 'libvirt_network.lan_kvm2', provider_config_key: 'libvirt.kvm2' },
    ]);
    expect(provider_config).toMatchObject({
      'libvirt.kvm1': { expressions: { uri: { constant_value: 'qemu:///system' } } },
      'libvirt.kvm2': { expressions: { uri: { constant_value: 'qemu+ssh://192.168.0.41/system' } } },
    });
    expect(await strictCheck(strict, folder)).toEqual([]);
  });

  test.for(folders)(
    '%s says in terraform/%s nothing that Terraform would drop',
    async ([cluster, folder], context) => {
      requireTools(context, ['terraform']);
      expect(await strictCheck(strict, join(trees[cluster] ?? '', 'terraform', folder))).toEqual([]);
    },
  );
});

/** A value without what is null in it. */
function said(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_key, part) => part ?? undefined);
}
