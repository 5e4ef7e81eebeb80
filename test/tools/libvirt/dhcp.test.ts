import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { buildChangedTree, buildTree, withProvider097 } from '../../support/clusters.ts';
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
