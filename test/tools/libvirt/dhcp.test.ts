import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { buildChangedTree, buildTree, clusters, withProvider097 } from '../../support/clusters.ts';
import { inProject } from '../../support/paths.ts';
import { requireTools } from '../../support/require-tools.ts';
import { succeed, useTerraform } from '../../support/terraform.ts';
import { runBesideLibvirtd, tools } from './libvirtd.ts';
import { writePlannedNetworks } from './planned-networks.ts';

const terraform = useTerraform({ shareProvider: true });
const scratch = mkdtempSync(join(tmpdir(), 'gen-infra-dhcp-'));
const model = inProject('test/models/reservations.yaml');
afterAll(() => rmSync(scratch, { recursive: true }));

const trees = [
  { provider: '0.8.3', tree: buildTree(model) },
  { provider: '0.9.7', tree: buildChangedTree(model, withProvider097) },
];

const sources = ['start-networks.sh', 'dhcp-clients.sh'].map(
  (file) => `source '${inProject(`test/tools/libvirt/${file}`)}'\n`,
);

/** The last asks for worker2's address, which that has by itself. */
const CLIENTS = `master1 virbr_kube 52:54:00:00:04:21
worker1 virbr_kube 52:54:00:00:04:24
stranger virbr_kube 52:54:00:00:99:99 -r 10.17.4.25`;

describe.each(trees)('with provider $provider', ({ tree }) => {
  test('libvirt gives a node its reserved address, and a stranger one of the range', async (context) => {
    requireTools(context, [...tools, 'udhcpc', 'bridge'], { root: true });
    const NETWORKS = await writePlannedNetworks(terraform, [join(tree, 'terraform/kube')]);
    const RESULTS = mkdtempSync(join(scratch, 'results-'));
    await succeed(runBesideLibvirtd(sources.join(''), { NETWORKS, RESULTS, CLIENTS }));

    const lease = (client: string) => readFileSync(join(RESULTS, `lease-${client}`), 'utf8');
    const common = 'router 10.17.4.1 dns 10.17.4.1 domain kube.internal hostname';
    expect(lease('master1')).toBe(`10.17.4.21 ${common} master1\n`);
    expect(lease('worker1')).toBe(`10.17.4.24 ${common} worker1\n`);
    expect(lease('stranger')).toMatch(/^10\.17\.4\.1[0-9][0-9] router 10\.17\.4\.1 /);
  });
});

const [, , haPair, , openNetworks] = clusters;

/** Nodes of the examples with a MAC address: folder, client, and what it is told. */
const examples = [
  {
    ...haPair,
    folders: ['kube'],
    clients: [['worker2', 'virbr_kube', '52:54:00:4a:10:32']],
    leases: ['10.17.4.32 router 10.17.4.1 dns 10.17.4.1 domain kube.internal hostname worker2'],
  },
  {
    ...openNetworks,
    folders: ['kube_network_02', 'kube_network_03'],
    clients: [
      ['infra-cluster', 'virbr_kube02', '52:54:00:12:35:8e'],
      ['master1', 'virbr_kube03', '52:54:00:c6:ba:3c'],
    ],
    leases: [
      '10.17.3.11 router 10.17.3.1 dns 10.17.3.1 domain kube.internal hostname infra-cluster',
      '10.17.4.21 router 10.17.4.1 dns 10.17.4.1 domain kube.internal hostname master1',
    ],
  },
];

test.for(examples)(
  'nodes of $name get their addresses',
  async ({ tree, folders, clients, leases }, context) => {
    requireTools(context, [...tools, 'udhcpc', 'bridge'], { root: true });
    const paths = folders.map((folder) => join(tree, 'terraform', folder));
    const NETWORKS = await writePlannedNetworks(terraform, paths);
    const RESULTS = mkdtempSync(join(scratch, 'results-'));
    const CLIENTS = clients.map((words) => words.join(' ')).join('\n');
    await succeed(runBesideLibvirtd(sources.join(''), { NETWORKS, RESULTS, CLIENTS }));
    const given = clients.map(([name]) => readFileSync(join(RESULTS, `lease-${name}`), 'utf8').trimEnd());
    expect(given).toEqual(leases);
  },
);
