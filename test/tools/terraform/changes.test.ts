import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildTree } from '../../support/clusters.ts';
import { inProject } from '../../support/paths.ts';
import { requireTools } from '../../support/require-tools.ts';
import { succeed, useTerraform } from '../../support/terraform.ts';

const terraform = useTerraform({ shareProvider: true });

const reference = inProject('cluster.yaml');
const reservations = inProject('test/models/reservations.yaml');

/** The terraform/ of a model's tree after its text was changed. */
function buildChanged(model: string, changes: readonly (readonly [string, string])[] = []): string {
  let text = readFileSync(model, 'utf8');
  for (const [from, to] of changes) {
    if (!text.includes(from)) throw new Error(`${model} has no ${from}`);
    text = text.replaceAll(from, to);
  }
  const changed = join(terraform.newFolder(), 'cluster.yaml');
  writeFileSync(changed, text);
  const tree = buildTree(changed);
  const folders = terraform.newFolder(join(tree, 'terraform'));
  rmSync(tree, { recursive: true });
  return folders;
}

/** A private copy of a folder whose networks exist, as far as terraform knows. */
async function apply(folder: string): Promise<string> {
  const copy = terraform.newFolder(folder);
  await succeed(terraform.run(copy, 'init'));
  await succeed(terraform.run(copy, 'apply', '-auto-approve'));
  return copy;
}

describe.concurrent('a fourth worker', () => {
  const cases = [
    {
      name: 'the reference cluster',
      model: reference,
      worker:
        '  worker4: { role: worker, network: kube_network_03, ip: 10.17.4.28, mac: "52:54:00:00:04:28" }\n',
      unchanged: {
        br0_network: 'libvirt_network.br0',
        nat_network_02: 'libvirt_network.kube_network_02',
        nat_network_03: 'libvirt_network.kube_network_03',
      },
      reservation: undefined,
    },
    {
      name: 'a cluster with reservations',
      model: reservations,
      worker: '  worker4: { role: worker, network: kube, ip: 10.17.4.28, mac: "52:54:00:00:04:28" }\n',
      unchanged: { kube: 'libvirt_network.kube', lan: 'libvirt_network.lan' },
      reservation: '<host mac="52:54:00:00:04:28" name="worker4" ip="10.17.4.28"/>',
    },
  ];

  test.for(cases)(
    'in $name changes no network',
    async ({ model, worker, unchanged, reservation }, context) => {
      requireTools(context, ['terraform']);
      const before = buildChanged(model);
      const after = buildChanged(model, [['\nvips:', `${worker}\nvips:`]]);
      if (reservation !== undefined) {
        expect(readFileSync(join(after, 'kube/main.tf'), 'utf8')).toContain(reservation);
      }
      const planned = readdirSync(after).map(async (folder) => {
        const applied = await apply(join(before, folder));
        cpSync(join(after, folder), applied, { recursive: true });
        const { resource_changes } = await terraform.plan(applied);
        return [folder, resource_changes?.map(({ address, change }) => [address, ...change.actions])];
      });
      expect(Object.fromEntries(await Promise.all(planned))).toEqual(
        Object.fromEntries(
          Object.entries(unchanged).map(([folder, address]) => [folder, [[address, 'no-op']]]),
        ),
      );
    },
  );
});

describe.concurrent('the replacement of a network', () => {
  const cases = [
    {
      what: 'when its CIDR changes',
      model: reservations,
      changes: [['10.17.4.', '10.17.5.']],
      folder: 'kube',
      path: 'addresses',
    },
    {
      what: 'when its bridge changes',
      model: reference,
      changes: [
        ['bridge: br0', 'bridge: br1'],
        ['br0: { kind', 'br1: { kind'],
      ],
      folder: 'nat_network_03',
      path: 'bridge',
    },
  ] as const;

  test.for(cases)('is refused by terraform $what', async ({ model, changes, folder, path }, context) => {
    requireTools(context, ['terraform']);
    const applied = await apply(join(buildChanged(model), folder));
    cpSync(join(buildChanged(model, changes), folder), applied, { recursive: true });
    const { exitCode, stderr } = await terraform.run(applied, 'plan');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('Instance cannot be destroyed');

    // Without the protection it would have been replaced, and for this reason.
    const main = join(applied, 'main.tf');
    writeFileSync(main, readFileSync(main, 'utf8').replace('prevent_destroy = true', ''));
    const { resource_changes } = await terraform.plan(applied);
    expect(resource_changes).toMatchObject([
      { change: { actions: ['delete', 'create'], replace_paths: [[path]] } },
    ]);
  });
});
