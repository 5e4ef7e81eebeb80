import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { buildTree, clusters } from '../../support/clusters.ts';
import { inProject } from '../../support/paths.ts';
import { requireTools } from '../../support/require-tools.ts';
import { succeed, useTerraform } from '../../support/terraform.ts';

/** A network that libvirt only attaches guests to. */
const bridged = {
  mode: 'bridge',
  bridge: 'br0',
  domain: null,
  addresses: null,
  autostart: true,
  mtu: null,
  dhcp: [],
  dns: [],
  routes: [],
  dnsmasq_options: [],
  xml: [],
};

/** On Open vSwitch the guests' ports need a virtualport, for which the provider has no argument. */
const onOpenVswitch = {
  ...bridged,
  xml: [{ xslt: expect.stringContaining('<virtualport type="openvswitch"/>') }],
};

/** The network `kube` of the small clusters. */
const open = {
  name: 'kube',
  mode: 'open',
  bridge: 'virbr_kube',
  domain: 'kube.internal',
  addresses: ['10.17.4.0/24'],
  autostart: true,
  mtu: null,
  dhcp: [{ enabled: true }],
  dns: [{ enabled: true, local_only: true, forwarders: [], srvs: [], hosts: [] }],
  routes: [],
  dnsmasq_options: [],
  xml: [{ xslt: expect.stringContaining('<range start="10.17.4.100" end="10.17.4.199"/>') }],
};

/** A network in open mode of the cluster open-networks. */
function openNetwork(number: string, third: number) {
  const xml = [
    { xslt: expect.stringContaining(`<range start="10.17.${third}.100" end="10.17.${third}.199"/>`) },
  ];
  const name = `kube_network_${number}`;
  return { ...open, name, bridge: `virbr_kube${number}`, addresses: [`10.17.${third}.0/24`], xml };
}

/** A network of another mode in the cluster modes. */
function otherMode(name: string, mode: string, cidrs: readonly string[], host: string) {
  const xml = [{ xslt: expect.stringContaining(`ip="${host}"`) }];
  return { ...open, name, mode, bridge: `virbr_${name}`, addresses: cidrs, xml };
}

/** Of clusters with a folder for each network: folder, address of the one resource in it, what the resource is planned to be. */
const folders: Readonly<Record<string, readonly (readonly [string, string, object])[]>> = {
  reference: [
    ['br0_network', 'libvirt_network.br0', { ...onOpenVswitch, name: 'kube_network_01' }],
    ['nat_network_02', 'libvirt_network.kube_network_02', { ...onOpenVswitch, name: 'kube_network_02' }],
    ['nat_network_03', 'libvirt_network.kube_network_03', { ...onOpenVswitch, name: 'kube_network_03' }],
  ],
  smallest: [
    ['kube', 'libvirt_network.kube', open],
    ['lan', 'libvirt_network.lan', { ...bridged, name: 'lan' }],
  ],
  'ha-pair': [
    ['kube', 'libvirt_network.kube', open],
    ['lan', 'libvirt_network.lan', { ...bridged, name: 'lan' }],
  ],
  'open-networks': [
    ['kube_network_01', 'libvirt_network.kube_network_01', { ...bridged, name: 'kube_network_01' }],
    ['kube_network_02', 'libvirt_network.kube_network_02', openNetwork('02', 3)],
    ['kube_network_03', 'libvirt_network.kube_network_03', openNetwork('03', 4)],
  ],
  reservations: [
    ['kube', 'libvirt_network.kube', open],
    ['lan', 'libvirt_network.lan', { ...bridged, name: 'lan' }],
  ],
  modes: [
    [
      'data',
      'libvirt_network.data',
      otherMode('data', 'route', ['10.17.5.0/24', '10.17.15.0/24'], '10.17.5.31'),
    ],
    [
      'kube',
      'libvirt_network.kube',
      { ...open, dhcp: [{ enabled: false }], xml: [{ xslt: expect.stringContaining('52:54:00:00:75:ba') }] },
    ],
    ['lan', 'libvirt_network.lan', { ...bridged, name: 'lan' }],
    [
      'tools',
      'libvirt_network.tools',
      { ...otherMode('tools', 'nat', ['10.17.6.0/24'], '10.17.6.41'), domain: 'tools.internal' },
    ],
    ['vault', 'libvirt_network.vault', otherMode('vault', 'none', ['10.17.7.0/24'], '10.17.7.51')],
  ],
};

const built = ['reservations', 'modes'].map((name) => ({
  name,
  tree: buildTree(inProject(`test/models/${name}.yaml`)),
}));
afterAll(() => {
  for (const { tree } of built) rmSync(tree, { recursive: true });
});
const trees = [...clusters, ...built].filter(({ name }) => name in folders);
const terraform = useTerraform();

describe.each(trees)('terraform/ of the cluster $name', ({ name, tree }) => {
  const expected = folders[name] ?? [];

  test('holds one folder per network', () => {
    expect(readdirSync(join(tree, 'terraform')).sort()).toEqual(expected.map(([folder]) => folder));
  });

  test('is formatted as terraform fmt formats', async (context) => {
    requireTools(context, ['terraform']);
    const { exitCode, stdout } = await terraform.run(join(tree, 'terraform'), 'fmt', '-check', '-recursive');
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
  });

  test.concurrent.for(expected)(
    '%s: terraform init, validate and plan agree to make %s',
    async ([folder, address, values], context) => {
      requireTools(context, ['terraform']);
      const copy = terraform.newFolder(join(tree, 'terraform', folder));
      await succeed(terraform.run(copy, 'init'));
      expect(readFileSync(join(copy, '.terraform.lock.hcl'), 'utf8')).toMatch(
        /^ {2}version +=( "0\.8\.3")\n {2}constraints =\1$/m,
      );
      const { stdout } = await succeed(terraform.run(copy, 'validate', '-json'));
      expect(JSON.parse(stdout)).toMatchObject({ valid: true, diagnostics: [] });
      const plan = await terraform.plan(copy);
      expect(plan.resource_changes).toMatchObject([{ address, change: { actions: ['create'] } }]);
      expect(plan.planned_values.root_module.resources?.map((resource) => resource.values)).toEqual([values]);
      expect(plan.configuration.provider_config['libvirt']?.expressions).toEqual({
        uri: { constant_value: 'qemu:///system' },
      });
    },
  );
});
