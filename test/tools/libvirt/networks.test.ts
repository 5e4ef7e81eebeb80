import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { buildTree, clusters } from '../../support/clusters.ts';
import { inProject } from '../../support/paths.ts';
import { requireTools } from '../../support/require-tools.ts';
import { succeed, useTerraform } from '../../support/terraform.ts';
import { runBesideLibvirtd, tools } from './libvirtd.ts';
import { terraformFolders, writePlannedNetworks } from './planned-networks.ts';

const terraform = useTerraform({ shareProvider: true });
const scratch = mkdtempSync(join(tmpdir(), 'gen-infra-libvirt-'));
const [reference, smallest, haPair] = clusters;
const reservations = buildTree(inProject('test/models/reservations.yaml'));
const otherRouter = buildTree(modelWithOtherRouter());
const modes = buildTree(inProject('test/models/modes.yaml'));
const vlans = buildTree(inProject('test/models/vlans.yaml'));
afterAll(() => {
  for (const folder of [scratch, reservations, otherRouter, modes, vlans])
    rmSync(folder, { recursive: true });
});

/** No DHCP, and a router that is not the first address, which is what the provider would give the bridge. */
function modelWithOtherRouter(): string {
  const model = join(scratch, 'other-router.yaml');
  writeFileSync(
    model,
    readFileSync(smallest.model, 'utf8').replace(/, dhcp: [\d.-]+/, ', router: 10.17.4.254'),
  );
  return model;
}

/**
 * A cluster's folders of terraform and the bridges that libvirt makes for them. What libvirt has of each network stands in
 * expected/<cluster>/<network>.xml. A bridge's MAC address is 52:54:00 and the start of the SHA-256 of
 * "<cluster's name>/<network>", which must never change: for home/kube, ha-pair/kube and reservations/kube these.
 */
const cases = [
  { name: 'reference', folders: terraformFolders(reference.tree), bridges: [] },
  { name: 'smallest', folders: terraformFolders(smallest.tree), bridges: [virbrKube('52:54:00:b6:68:34')] },
  { name: 'ha-pair', folders: terraformFolders(haPair.tree), bridges: [virbrKube('52:54:00:3a:ed:a4')] },
  {
    name: 'other-router',
    folders: [join(otherRouter, 'terraform/kube')],
    bridges: [virbrKube('52:54:00:b6:68:34', '10.17.4.254')],
  },
  {
    name: 'reservations',
    folders: terraformFolders(reservations),
    bridges: [virbrKube('52:54:00:f0:85:47')],
  },
  {
    name: 'modes',
    folders: terraformFolders(modes),
    bridges: [
      bridge('virbr_data', '52:54:00:93:bc:07', '10.17.5.1'),
      virbrKube('52:54:00:00:75:ba'),
      bridge('virbr_tools', '52:54:00:0b:8a:39', '10.17.6.1'),
      bridge('virbr_vault', '52:54:00:33:b1:89', '10.17.7.1'),
    ],
  },
  { name: 'vlans', folders: terraformFolders(vlans), bridges: [] },
  {
    name: 'two-hypervisors/kvm1',
    folders: [inProject('examples/two-hypervisors/generated/terraform/kvm1')],
    bridges: [virbrKube('52:54:00:2f:d2:ca')],
  },
  {
    name: 'two-hypervisors/kvm2',
    folders: [inProject('examples/two-hypervisors/generated/terraform/kvm2')],
    bridges: [virbrKube('52:54:00:61:06:b4', '10.17.5.1')],
  },
];

function virbrKube(mac: string, local = '10.17.4.1') {
  return bridge('virbr_kube', mac, local);
}

function bridge(ifname: string, address: string, local: string) {
  return { ifname, address, addr_info: [{ local, prefixlen: 24 }] };
}

const startNetworks = `source '${inProject('test/tools/libvirt/start-networks.sh')}'\n`;

/** A folder for what a script in a namespace finds out. */
function resultsFolder() {
  const folder = mkdtempSync(join(scratch, 'results-'));
  return { RESULTS: folder, result: (name: string) => readFileSync(join(folder, name), 'utf8') };
}

describe.concurrent("libvirt's network driver", () => {
  test.for(cases)('starts the networks of the cluster $name', async ({ name, folders, bridges }, context) => {
    requireTools(context, tools, { root: true });
    const expected = inProject(`test/tools/libvirt/expected/${name}`);
    const NETWORKS = await writePlannedNetworks(terraform, folders);
    expect(readdirSync(NETWORKS).sort()).toEqual(readdirSync(expected).sort());
    const { RESULTS, result } = resultsFolder();
    await succeed(runBesideLibvirtd(startNetworks, { NETWORKS, RESULTS }));

    for (const file of readdirSync(expected)) {
      expect(withoutUuid(result(file))).toBe(readFileSync(join(expected, file), 'utf8'));
      expect(result('active').split('\n')).toContain(file.replace('.xml', ''));
    }
    const interfaces: readonly { readonly ifname: string }[] = JSON.parse(result('interfaces.json'));
    expect(interfaces.filter(({ ifname }) => !['lo', 'br0'].includes(ifname))).toMatchObject(bridges);
  });

  test('writes no firewall rules for a network in open mode, as it would in NAT mode', async (context) => {
    requireTools(context, tools, { root: true });
    const [open, nat] = [resultsFolder(), resultsFolder()];
    const planned = await writePlannedNetworks(terraform, [join(smallest.tree, 'terraform/kube')]);
    const translated = terraform.newFolder(planned);
    const xml = readFileSync(join(planned, 'kube.xml'), 'utf8');
    writeFileSync(join(translated, 'kube.xml'), xml.replace('mode="open"', 'mode="nat"'));
    await Promise.all([
      succeed(runBesideLibvirtd(startNetworks, { NETWORKS: planned, RESULTS: open.RESULTS })),
      succeed(runBesideLibvirtd(startNetworks, { NETWORKS: translated, RESULTS: nat.RESULTS })),
    ]);
    expect(open.result('rules.nft')).toBe('');
    expect(nat.result('rules.nft')).toContain('LIBVIRT_FWI');
  });
});

/** Without a UUID that libvirt made up. */
function withoutUuid(xml: string): string {
  return xml.replace(/^ +<uuid>(?!5d3c1f0e).*\n/m, '').replace(/\n+$/, '\n');
}
