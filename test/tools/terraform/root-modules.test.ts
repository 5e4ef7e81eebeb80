import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { buildTree } from '../../support/clusters.ts';
import { inProject } from '../../support/paths.ts';
import { requireTools } from '../../support/require-tools.ts';
import { succeed, useTerraform } from '../../support/terraform.ts';

const example = inProject('examples/two-hypervisors');
const terraform = useTerraform();
const scratch = mkdtempSync(join(tmpdir(), 'gen-infra-modules-'));
afterAll(() => rmSync(scratch, { recursive: true }));

/** The example with all networks in one folder. */
function sharedTree(): string {
  const model = join(scratch, 'cluster.yaml');
  const text = readFileSync(join(example, 'cluster.yaml'), 'utf8');
  const networks = text.replace(/^( {2}\w+: \{ cidr: .*) \}$/gm, '$1, terraform: { dir: shared } }');
  writeFileSync(model, networks);
  return buildTree(model);
}

const KVM1 = 'qemu+ssh://ops@192.168.0.41/system';
const KVM2 = 'qemu+ssh://ops@192.168.0.42/system';

/** Of each root module: where its providers connect to, and by which of them each network is made. */
const modules = [
  {
    tree: join(example, 'generated'),
    dir: 'kvm1',
    uris: { libvirt: KVM1 },
    networks: ['kube1 libvirt virbr_kube', 'lan libvirt br0', 'san libvirt br1'],
  },
  {
    tree: join(example, 'generated'),
    dir: 'kvm2',
    uris: { libvirt: KVM2 },
    networks: ['kube2 libvirt virbr_kube', 'lan libvirt br0', 'san libvirt br1'],
  },
  {
    tree: sharedTree(),
    dir: 'shared',
    uris: { 'libvirt.kvm1': KVM1, 'libvirt.kvm2': KVM2 },
    networks: [
      'kube1 libvirt.kvm1 virbr_kube',
      'kube2 libvirt.kvm2 virbr_kube',
      'lan_kvm1 libvirt.kvm1 br0',
      'lan_kvm2 libvirt.kvm2 br0',
      'san_kvm1 libvirt.kvm1 br1',
      'san_kvm2 libvirt.kvm2 br1',
    ],
  },
];

describe.each(modules)('the root module $dir of two hypervisors', ({ tree, dir, uris, networks }) => {
  const folder = join(tree, 'terraform', dir);

  test('is beside those of the other hypervisors alone', () => {
    const all = modules.filter((module) => module.tree === tree).map((module) => module.dir);
    expect(readdirSync(join(tree, 'terraform'))).toEqual(all);
  });

  test('is formatted as terraform fmt formats', async (context) => {
    requireTools(context, ['terraform']);
    const { exitCode, stdout } = await terraform.run(folder, 'fmt', '-check');
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
  });

  test('is valid, and plans to make each network on its hypervisor', async (context) => {
    requireTools(context, ['terraform']);
    const copy = terraform.newFolder(folder);
    await succeed(terraform.run(copy, 'init'));
    const { stdout } = await succeed(terraform.run(copy, 'validate', '-json'));
    expect(JSON.parse(stdout)).toMatchObject({ valid: true, diagnostics: [] });
    const { configuration, planned_values, resource_changes } = await terraform.plan(copy);
    expect(new Set(resource_changes?.map(({ change }) => change.actions.join()))).toEqual(
      new Set(['create']),
    );
    const providers = Object.entries(configuration.provider_config);
    expect(Object.fromEntries(providers.map(([key, { expressions }]) => [key, expressions]))).toEqual(
      Object.fromEntries(Object.entries(uris).map(([key, uri]) => [key, { uri: { constant_value: uri } }])),
    );
    const providerOf = new Map(
      configuration.root_module.resources.map((resource) => [resource.address, resource.provider_config_key]),
    );
    const all = planned_values.root_module.resources ?? [];
    const planned = all.filter(({ address }) => address.startsWith('libvirt_network.'));
    const seen = planned.map(({ address, values }) => {
      // Terraform has checked the values against the schema of provider 0.9.7.
      const { bridge } = values as { readonly bridge: { readonly name: string } };
      return `${address.replace('libvirt_network.', '')} ${providerOf.get(address)} ${bridge.name}`;
    });
    expect(seen).toEqual(networks);
  });
});
