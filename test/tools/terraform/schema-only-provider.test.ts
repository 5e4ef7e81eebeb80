import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { requireTools } from '../../support/require-tools.ts';
import { succeed, useTerraform } from '../../support/terraform.ts';

const terraform = useTerraform();

function writeMain(folder: string, network: string, version = '0.8.3'): void {
  const main = `
terraform {
  required_providers {
    libvirt = {
      source  = "dmacvicar/libvirt"
      version = "${version}"
    }
  }
}

provider "libvirt" {
  uri = "qemu:///system"
}

resource "libvirt_network" "kube" {
${network}
}
`;
  writeFileSync(join(folder, 'main.tf'), main);
}

const network = `
  name      = "kube"
  mode      = "open"
  bridge    = "virbr_kube"
  domain    = "kube.internal"
  addresses = ["10.17.4.0/24"]
  autostart = true
  dhcp { enabled = true }
  dns { local_only = true }
  xml { xslt = "<one/>" }`;

/** The same network, changed wherever resource_libvirt_network.go says ForceNew. */
const replaced = `
  name      = "cube"
  bridge    = "virbr_cube"
  addresses = ["10.17.5.0/24"]
  autostart = true
  dns { local_only = true }
  xml { xslt = "<two/>" }
  routes {
    cidr    = "10.17.6.0/24"
    gateway = "10.17.5.2"
  }`;

/** And changed elsewhere. That there is a block is ForceNew for dhcp, but not what it says. */
const updated = `
  name      = "kube"
  mode      = "open"
  bridge    = "virbr_kube"
  domain    = "kube.internal"
  addresses = ["10.17.4.0/24"]
  autostart = false
  mtu       = 1400
  dhcp { enabled = false }
  dns { local_only = false }
  xml { xslt = "<one/>" }`;

// What these tests show of the stand-in, the tests of the generated trees rely on.
describe.concurrent('the schema-only provider', () => {
  test('is not installed as another version than it is', async (context) => {
    requireTools(context, ['terraform']);
    const folder = terraform.newFolder();
    writeMain(folder, network, '0.9.6');
    const { exitCode, stderr } = await terraform.run(folder, 'init');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('no available releases match');
  });

  test('makes terraform refuse an argument that version 0.8.3 does not have', async (context) => {
    requireTools(context, ['terraform']);
    const folder = terraform.newFolder();
    writeMain(folder, `${network}\n  uuid = "b2a1"`);
    await succeed(terraform.run(folder, 'init'));
    const { exitCode, stdout } = await terraform.run(folder, 'validate', '-json');
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      valid: false,
      diagnostics: [{ summary: 'Unsupported argument', snippet: { code: '  uuid = "b2a1"' } }],
    });
  });

  test('plans replacements and updates where the real one does', async (context) => {
    requireTools(context, ['terraform']);
    const folder = terraform.newFolder();
    writeMain(folder, network);
    await succeed(terraform.run(folder, 'init'));
    await succeed(terraform.run(folder, 'apply', '-auto-approve'));
    const other = terraform.newFolder(folder);
    writeMain(folder, replaced);
    writeMain(other, updated);
    const plans = await Promise.all([terraform.plan(folder), terraform.plan(other)]);
    const [replacement, update] = plans.map((plan) => plan.resource_changes?.[0]?.change);

    // The provider's default for the mode is "nat".
    expect(replacement).toMatchObject({ actions: ['delete', 'create'], after: { mode: 'nat' } });
    expect(new Set(replacement?.replace_paths?.map((path) => path.join('.')))).toEqual(
      new Set(['name', 'mode', 'bridge', 'domain', 'addresses', 'dhcp', 'routes', 'xml.0.xslt']),
    );
    expect(update?.actions).toEqual(['update']);
  });

  test('updates of version 0.9.7 nothing but autostart, and replaces for a name', async (context) => {
    requireTools(context, ['terraform']);
    const folder = terraform.newFolder();
    const nested = (name: string, autostart: boolean, mode: string) =>
      `  name      = "${name}"\n  autostart = ${autostart}\n  forward   = { mode = "${mode}" }`;
    const write = (...network: Parameters<typeof nested>) => writeMain(folder, nested(...network), '0.9.7');
    write('kube', true, 'open');
    await succeed(terraform.run(folder, 'init'));
    await succeed(terraform.run(folder, 'apply', '-auto-approve'));
    write('kube', false, 'open');
    await succeed(terraform.run(folder, 'apply', '-auto-approve'));
    write('kube', false, 'nat');
    const { exitCode, stderr } = await terraform.run(folder, 'apply', '-auto-approve');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('.forward.mode: was cty.StringVal("nat"), but');
    write('cube', false, 'open');
    const { resource_changes } = await terraform.plan(folder);
    expect(resource_changes).toMatchObject([
      { change: { actions: ['delete', 'create'], replace_paths: [['name']] } },
    ]);
  });
});
