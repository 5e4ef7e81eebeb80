import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildChangedTree, withProvider097 } from '../../support/clusters.ts';
import { inProject } from '../../support/paths.ts';
import { requireTools } from '../../support/require-tools.ts';
import { succeed, useTerraform } from '../../support/terraform.ts';

const terraform = useTerraform({ shareProvider: true });

const reference = inProject('cluster.yaml');
const smallest = inProject('examples/smallest/cluster.yaml');
const reservations = inProject('test/models/reservations.yaml');

type Change = (text: string) => string;

/** The terraform/ of a model's tree after its text was changed. */
function buildChanged(model: string, ...changes: readonly Change[]): string {
  const tree = buildChangedTree(model, (text) => changes.reduce((changed, change) => change(changed), text));
  const folders = terraform.newFolder(join(tree, 'terraform'));
  rmSync(tree, { recursive: true });
  return folders;
}

function replacing(from: string, to: string): Change {
  return (text) => {
    if (!text.includes(from)) throw new Error(`no ${from}`);
    return text.replaceAll(from, to);
  };
}

/** A private copy of a folder whose networks exist, as far as terraform knows. */
async function apply(folder: string): Promise<string> {
  const copy = terraform.newFolder(folder);
  await succeed(terraform.run(copy, 'init'));
  await succeed(terraform.run(copy, 'apply', '-auto-approve'));
  return copy;
}

/** What terraform would do in a folder whose networks exist when another build takes its place. */
async function planChange(before: string, after: string) {
  const applied = await apply(before);
  cpSync(after, applied, { recursive: true });
  return (await terraform.plan(applied)).resource_changes;
}

const providers = [
  { provider: '0.8.3', choose: (text: string) => text, beside: false },
  { provider: '0.9.7', choose: withProvider097, beside: true },
];

describe.concurrent.each(providers)('with provider $provider a new worker', ({ choose, beside }) => {
  const worker = (network: string) =>
    `  worker4: { role: worker, network: ${network}, ip: 10.17.4.28, mac: "52:54:00:00:04:28" }\n`;
  const cases = [
    {
      name: 'the reference cluster',
      model: reference,
      network: 'kube_network_03',
      unchanged: { br0_network: 'br0', nat_network_02: 'kube_network_02', nat_network_03: 'kube_network_03' },
      reserved: undefined,
    },
    {
      name: 'a cluster with reservations',
      model: reservations,
      network: 'kube',
      unchanged: { kube: 'kube', lan: 'lan' },
      reserved: 'kube',
    },
    {
      name: 'a cluster without reservations',
      model: smallest,
      network: 'kube',
      unchanged: { kube: 'kube', lan: 'lan' },
      reserved: 'kube',
    },
  ];

  test.for(cases)('in $name changes no network', async ({ model, network, unchanged, reserved }, context) => {
    requireTools(context, ['terraform']);
    const before = buildChanged(model, choose);
    const after = buildChanged(model, choose, replacing('\nvips:', `${worker(network)}\nvips:`));
    if (reserved !== undefined) {
      const main = readFileSync(join(after, reserved, 'main.tf'), 'utf8');
      expect(main).toMatch(/mac ?= ?"52:54:00:00:04:28",? name ?= ?"worker4",? ip ?= ?"10.17.4.28"/);
    }
    const planned = readdirSync(after).map(async (folder) => {
      const changes = await planChange(join(before, folder), join(after, folder));
      return [folder, changes?.map(({ address, change }) => [address, ...change.actions])];
    });
    expect(Object.fromEntries(await Promise.all(planned))).toEqual(
      Object.fromEntries(
        Object.entries(unchanged).map(([folder, label]) => [
          folder,
          [`libvirt_network.${label}`, ...(beside ? [`terraform_data.${label}`] : [])].map((address) => [
            address,
            'no-op',
          ]),
        ]),
      ),
    );
  });
});

/** A network that exists, in a folder where terraform refuses to make it anew; what it would do if it were let. */
async function planRefused(existing: string, after: string) {
  const folder = terraform.newFolder(existing);
  cpSync(after, folder, { recursive: true });
  const { exitCode, stderr } = await terraform.run(folder, 'plan');
  expect(exitCode).toBe(1);
  expect(stderr).toContain('Instance cannot be destroyed');
  expect(stderr).toContain('libvirt_network.');
  const main = join(folder, 'main.tf');
  writeFileSync(main, readFileSync(main, 'utf8').replace(/prevent_destroy += true/, ''));
  return (await terraform.plan(folder)).resource_changes;
}

describe.concurrent('the replacement of a network', () => {
  const cases = [
    {
      what: 'when its CIDR changes',
      model: reservations,
      changes: [replacing('10.17.4.', '10.17.5.')],
      folder: 'kube',
      path: 'addresses',
    },
    {
      what: 'when its bridge changes',
      model: reference,
      changes: [replacing('bridge: br0', 'bridge: br1'), replacing('br0: { kind', 'br1: { kind')],
      folder: 'nat_network_03',
      path: 'bridge',
    },
  ];

  test.for(cases)('is refused by terraform $what', async ({ model, changes, folder, path }, context) => {
    requireTools(context, ['terraform']);
    const existing = await apply(join(buildChanged(model), folder));
    expect(await planRefused(existing, join(buildChanged(model, ...changes), folder))).toMatchObject([
      { change: { actions: ['delete', 'create'], replace_paths: [[path]] } },
    ]);
  });
});

/** The range of addresses in both small models. */
const RANGE = '10.17.4.100-10.17.4.199';

describe.concurrent('a network of provider 0.9.7, which updates nothing', () => {
  const applied = new Map<string, Promise<string>>();
  const existing = (model: string, folder: string) => {
    const known = applied.get(model) ?? apply(join(buildChanged(model, withProvider097), folder));
    applied.set(model, known);
    return known;
  };
  const kube = (what: string, ...changes: readonly Change[]) => ({
    what,
    model: reservations,
    changes,
    folder: 'kube',
  });
  const cases = [
    kube('another CIDR', replacing('10.17.4.', '10.17.5.')),
    kube('another router', replacing(', dhcp:', ', router: 10.17.4.254, dhcp:')),
    kube('another range', replacing(RANGE, '10.17.4.100-10.17.4.189')),
    kube('no DHCP', replacing(`, dhcp: ${RANGE}`, '')),
    kube('another bridge', replacing('virbr_kube', 'virbr_other')),
    kube('another MAC address', replacing(', dhcp:', ', mac: 52:54:00:00:04:01, dhcp:')),
    kube('another mode', replacing('mode: open', 'mode: route')),
    kube('another domain', replacing('kube.internal', 'kube.example')),
    {
      what: 'another host bridge',
      model: reference,
      changes: [replacing('bridge: br0', 'bridge: br1'), replacing('br0: { kind', 'br1: { kind')],
      folder: 'nat_network_03',
    },
    {
      what: 'other ports of NAT',
      model: inProject('test/models/modes.yaml'),
      changes: [replacing('20000-29999', '20000-39999')],
      folder: 'tools',
    },
    {
      what: 'another VLAN',
      model: inProject('test/models/vlans.yaml'),
      changes: [replacing('vlan: 10', 'vlan: 11')],
      folder: 'kube',
    },
    {
      what: 'another kind of the host bridge',
      model: smallest,
      changes: [replacing('br0: { uplink', 'br0: { kind: openvswitch, uplink')],
      folder: 'lan',
    },
  ];

  test.for(cases)('is not made anew for $what', async ({ model, changes, folder }, context) => {
    requireTools(context, ['terraform']);
    const after = buildChanged(model, ...changes, withProvider097);
    expect(await planRefused(await existing(model, folder), join(after, folder))).toMatchObject([
      { action_reason: 'replace_by_triggers', change: { actions: ['delete', 'create'] } },
      { type: 'terraform_data', change: { actions: ['update'] } },
    ]);
  });

  test('would fail to take over what is not beside it', async (context) => {
    requireTools(context, ['terraform']);
    const applied = terraform.newFolder(await existing(reservations, 'kube'));
    const main = join(applied, 'main.tf');
    writeFileSync(main, readFileSync(main, 'utf8').replace('end = "10.17.4.199"', 'end = "10.17.4.189"'));
    const { resource_changes } = await terraform.plan(applied);
    expect(resource_changes?.map(({ change }) => change.actions)).toEqual([['update'], ['no-op']]);
    const { exitCode, stderr } = await terraform.run(applied, 'apply', '-auto-approve');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('Provider produced inconsistent result after apply');
  });

  test('stays as it is when its reservations were changed by others', async (context) => {
    requireTools(context, ['terraform']);
    const applied = terraform.newFolder(await existing(reservations, 'kube'));
    const state = join(applied, 'terraform.tfstate');
    const before = readFileSync(state, 'utf8');
    const after = before.replace('"10.17.4.21"', '"10.17.4.77"').replace('"worker1"', '"worker9"');
    expect(after).not.toBe(before);
    writeFileSync(state, after);
    const { resource_changes } = await terraform.plan(applied);
    expect(resource_changes?.map(({ change }) => change.actions)).toEqual([['no-op'], ['no-op']]);
  });

  test('is made with what the model says once libvirt has it no more', async (context) => {
    requireTools(context, ['terraform']);
    const applied = terraform.newFolder(await existing(reservations, 'kube'));
    const after = buildChanged(reservations, replacing(RANGE, '10.17.4.100-10.17.4.189'), withProvider097);
    cpSync(join(after, 'kube'), applied, { recursive: true });
    // As a refresh finds it after virsh net-undefine.
    await succeed(terraform.run(applied, 'state', 'rm', 'libvirt_network.kube'));
    await succeed(terraform.run(applied, 'apply', '-auto-approve'));
    const { resource_changes } = await terraform.plan(applied);
    expect(resource_changes).toMatchObject([
      { change: { actions: ['no-op'], after: { ips: [{ dhcp: { ranges: [{ end: '10.17.4.189' }] } }] } } },
      { change: { actions: ['no-op'] } },
    ]);
  });
});
