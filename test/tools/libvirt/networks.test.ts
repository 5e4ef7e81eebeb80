import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { buildChangedTree, clusters, withProvider083, withProvider097 } from '../../support/clusters.ts';
import { inProject } from '../../support/paths.ts';
import { readXml, type XmlElement } from '../../support/read-xml.ts';
import { requireTools } from '../../support/require-tools.ts';
import { succeed, useTerraform } from '../../support/terraform.ts';
import { runBesideLibvirtd, tools } from './libvirtd.ts';
import { terraformFolders, writePlannedNetworks } from './planned-networks.ts';

const terraform = useTerraform({ shareProvider: true });
const scratch = mkdtempSync(join(tmpdir(), 'gen-infra-libvirt-'));
const [reference, smallest, haPair, twoHypervisors, openNetworks] = clusters;
const reservations = inProject('test/models/reservations.yaml');
const otherRouter = modelWithOtherRouter();
afterAll(() => rmSync(scratch, { recursive: true }));

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
 * A cluster's model and the bridges that libvirt makes for its networks. What libvirt has of each network stands in
 * expected/<cluster>/<network>.xml, whichever version of the provider it comes from. A bridge's MAC address is 52:54:00
 * and the start of the SHA-256 of "<cluster's name>/<network>", which must never change: for home/kube,
 * ha-pair/kube and reservations/kube these.
 */
const cases = [
  { name: 'reference', model: reference.model, bridges: [] },
  { name: 'smallest', model: smallest.model, bridges: [virbrKube('52:54:00:b6:68:34')] },
  { name: 'ha-pair', model: haPair.model, bridges: [virbrKube('52:54:00:3a:ed:a4')] },
  { name: 'other-router', model: otherRouter, bridges: [virbrKube('52:54:00:b6:68:34', '10.17.4.254')] },
  { name: 'reservations', model: reservations, bridges: [virbrKube('52:54:00:f0:85:47')] },
  {
    name: 'modes',
    model: inProject('test/models/modes.yaml'),
    bridges: [
      bridge('virbr_data', '52:54:00:93:bc:07', '10.17.5.1', '10.17.15.1'),
      virbrKube('52:54:00:00:75:ba'),
      bridge('virbr_tools', '52:54:00:0b:8a:39', '10.17.6.1'),
      bridge('virbr_vault', '52:54:00:33:b1:89', '10.17.7.1'),
    ],
  },
  { name: 'vlans', model: inProject('test/models/vlans.yaml'), bridges: [] },
  { name: 'two-hypervisors/kvm1', model: twoHypervisors.model, bridges: [virbrKube('52:54:00:2f:d2:ca')] },
  {
    name: 'two-hypervisors/kvm2',
    model: twoHypervisors.model,
    bridges: [virbrKube('52:54:00:61:06:b4', '10.17.5.1')],
  },
  {
    name: 'open-networks',
    model: openNetworks.model,
    bridges: [
      bridge('virbr_kube02', '52:54:00:6a:9b:7a', '10.17.3.1'),
      bridge('virbr_kube03', '52:54:00:8b:6a:b9', '10.17.4.1'),
    ],
  },
];

const providers = [
  { provider: '0.8.3', choose: withProvider083, uuids: 'told' },
  { provider: '0.9.7', choose: withProvider097, uuids: 'made up' },
];

function virbrKube(mac: string, local = '10.17.4.1') {
  return bridge('virbr_kube', mac, local);
}

function bridge(ifname: string, address: string, ...ips: readonly string[]) {
  return { ifname, address, addr_info: ips.map((local) => ({ local, prefixlen: 24 })) };
}

/** Of several hypervisors a case is about one, which has a folder of its own. */
function foldersOf(tree: string, name: string): string[] {
  const [, hypervisor] = name.split('/');
  return terraformFolders(tree).filter((folder) => basename(folder) === (hypervisor ?? basename(folder)));
}

const startNetworks = `source '${inProject('test/tools/libvirt/start-networks.sh')}'\n`;

/** A folder for what a script in a namespace finds out. */
function resultsFolder() {
  const folder = mkdtempSync(join(scratch, 'results-'));
  return { RESULTS: folder, result: (name: string) => readFileSync(join(folder, name), 'utf8') };
}

describe.concurrent.each(providers)(
  "libvirt's network driver, with provider $provider,",
  ({ choose, uuids }) => {
    test.for(cases)('starts the networks of the cluster $name', async ({ name, model, bridges }, context) => {
      requireTools(context, tools, { root: true });
      const expected = inProject(`test/tools/libvirt/expected/${name}`);
      const NETWORKS = await writePlannedNetworks(
        terraform,
        foldersOf(buildChangedTree(model, choose), name),
      );
      expect(readdirSync(NETWORKS).sort()).toEqual(readdirSync(expected).sort());
      const { RESULTS, result } = resultsFolder();
      await succeed(runBesideLibvirtd(startNetworks, { NETWORKS, RESULTS }));

      for (const file of readdirSync(expected)) {
        const wanted = readFileSync(join(expected, file), 'utf8');
        expect(withoutUuid(result(file))).toBe(uuids === 'told' ? wanted : wanted.replace(UUID, ''));
        expect(result('active').split('\n')).toContain(file.replace('.xml', ''));
      }
      const interfaces: readonly { readonly ifname: string }[] = JSON.parse(result('interfaces.json'));
      expect(interfaces.filter(({ ifname }) => !['lo', 'br0'].includes(ifname))).toMatchObject(bridges);
    });
  },
);

describe.concurrent("libvirt's network driver", () => {
  // Otherwise the provider would fail, having made the network. Above libvirt gives back what is expected.
  test.for(cases)('gives back all that provider 0.9.7 says of $name', async ({ name, model }, context) => {
    requireTools(context, ['terraform']);
    const tree = buildChangedTree(model, withProvider097);
    const said = await writePlannedNetworks(terraform, foldersOf(tree, name));
    for (const file of readdirSync(said)) {
      const [given, back] = [join(said, file), inProject(`test/tools/libvirt/expected/${name}/${file}`)].map(
        (path) => facts(readFileSync(path, 'utf8')),
      );
      expect(back).toEqual(expect.arrayContaining(given ?? []));
    }
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

const UUID = /^ +<uuid>.*\n/m;

/** Without a UUID that libvirt made up. */
function withoutUuid(xml: string): string {
  return (xml.includes('<uuid>5d3c1f0e') ? xml : xml.replace(UUID, '')).replace(/\n+$/, '\n');
}

/** Every attribute of every element, with the way there. */
function facts(xml: string): string[] {
  const of = ({ name, attributes, children }: XmlElement, way: string): string[] => [
    ...Object.entries(attributes).map(([key, value]) => `${way}${name} ${key}=${value}`),
    ...children.flatMap((child) => (typeof child === 'string' ? [] : of(child, `${way}${name}/`))),
  ];
  return of(readXml(xml.replaceAll("'", '"')), '');
}
