import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { requireTools } from '../../support/require-tools.ts';
import { succeed, useTerraform } from '../../support/terraform.ts';
import { openSchemas, strictCheck } from './strict-check.ts';

const terraform = useTerraform({ shareProvider: true });
const open = useTerraform({ shareProvider: true, schemas: openSchemas(terraform.newFolder()) });

/** A folder with a network in which one line stands in the place of another. */
function folderWith([from, to]: readonly [string, string]): string {
  const main = `
terraform {
  required_providers {
    libvirt = {
      source  = "dmacvicar/libvirt"
      version = "0.9.7"
    }
  }
}

locals {
  bridge = { name = "virbr_kube", stp = "on" }
}

resource "libvirt_network" "kube" {
  name    = "kube"
  forward = { mode = "open" }
  bridge  = local.bridge
  dns     = { host = [{ ip = "10.17.4.21", hostnames = [{ hostname = "master1" }] }] }

  ips = [
    {
      address = "10.17.4.1"
      prefix  = 24
      dhcp    = { hosts = [{ mac = "52:54:00:00:04:21", ip = "10.17.4.21" }] }
    },
  ]
}
`;
  const changed = main.replace(from, () => to);
  if (changed === main) throw new Error(`no ${from}`);
  const folder = terraform.newFolder();
  writeFileSync(join(folder, 'main.tf'), changed);
  return folder;
}

const unnoticed = [
  ['an attribute in an object', 'mode = "open"', 'mode = "open", mod = "nat"', 'forward.mod is unknown'],
  ['an attribute in a list', 'mac = ', 'mca = "", mac = ', 'ips[0].dhcp.hosts[0].mca is unknown'],
  ['an object', 'dhcp    =', 'dhpc    =', 'ips[0].dhpc is unknown'],
  ['what a reference stands for', 'stp = "on"', 'spt = "on"', 'bridge.spt is unknown'],
  ['a text for a number', 'prefix  = 24', 'prefix  = "24"', 'ips[0].prefix is no number'],
  ['a number for a text', '"virbr_kube"', '7', 'bridge.name is no string'],
] as const;

const noticed = [
  ['what only the provider says', 'name    = ', 'id = "1"\n name = ', 'id is read-only'],
  ['the lack of what is required', 'ip = "10.17.4.21", host', 'host', 'dns.host[0].ip is missing'],
  ['an object for a list', '[{ hostname = "master1" }]', '{}', 'dns.host[0].hostnames is no list'],
  ['a list for an object', '{ mode = "open" }', '[]', 'forward is no object'],
] as const;

describe.concurrent('the strict check of provider 0.9.7', () => {
  test('finds nothing where everything is right', async (context) => {
    requireTools(context, ['terraform']);
    expect(await strictCheck(open, folderWith(['name    = ', 'name = ']))).toEqual([]);
  });

  test.for(unnoticed)(
    'finds %s, which terraform validate lets pass',
    async ([, from, to, found], context) => {
      requireTools(context, ['terraform']);
      const folder = folderWith([from, to]);
      expect(await strictCheck(open, folder)).toEqual([`libvirt_network.kube.${found}`]);
      await succeed(terraform.run(folder, 'init'));
      await succeed(terraform.run(folder, 'validate'));
    },
  );

  test.for(noticed)('finds %s', async ([, from, to, found], context) => {
    requireTools(context, ['terraform']);
    expect(await strictCheck(open, folderWith([from, to]))).toEqual([`libvirt_network.kube.${found}`]);
  });
});
