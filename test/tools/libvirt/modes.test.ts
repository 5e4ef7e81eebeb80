import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { buildTree } from '../../support/clusters.ts';
import { inProject } from '../../support/paths.ts';
import { requireTools } from '../../support/require-tools.ts';
import { succeed, useTerraform } from '../../support/terraform.ts';
import { guestsOf, hypervisorOf, type Lab, makeTries, type Try } from '../nftables/segment-lab.ts';
import { runBesideLibvirtd, tools } from './libvirtd.ts';
import { terraformFolders, writePlannedNetworks } from './planned-networks.ts';

const terraform = useTerraform({ shareProvider: true });
const scratch = mkdtempSync(join(tmpdir(), 'gen-infra-modes-'));
const tree = buildTree(inProject('test/models/modes.yaml'));
const ruleset = join(tree, 'nftables/modes.conf');
afterAll(() => {
  for (const folder of [scratch, tree]) rmSync(folder, { recursive: true });
});

/** What the provider would hand to libvirt, planned once. */
let planned: Promise<string> | undefined;
function planNetworks(): Promise<string> {
  planned ??= writePlannedNetworks(terraform, terraformFolders(tree));
  return planned;
}

const BRIDGES: Readonly<Record<string, string>> = {
  lb: 'br0',
  infra: 'virbr_kube',
  master: 'virbr_kube',
  db: 'virbr_data',
  tool: 'virbr_tools',
  vault: 'virbr_vault',
};

/** Guests as the tree makes them, somebody on the LAN who knows the way, and vault1, which has added a way out itself. */
const lab: Lab = {
  ...hypervisorOf(tree, 'kvm1'),
  ruleset,
  machines: [
    ...guestsOf(tree, (name) => BRIDGES[name.replace(/\d$/, '')] ?? ''),
    {
      name: 'client',
      bridge: 'br0',
      addresses: ['192.168.0.77/24'],
      routes: [{ to: '10.17.0.0/16', via: '192.168.0.40' }],
    },
    { name: 'router', bridge: 'br0', addresses: ['192.168.0.1/24', '203.0.113.1/32'], routes: [] },
    {
      name: 'vault1',
      bridge: 'virbr_vault',
      addresses: ['10.17.7.51/24'],
      routes: [{ to: '0.0.0.0/0', via: '10.17.7.1' }],
    },
  ],
};

/** Who tries what, and whom the other side saw; `refused` is libvirt's answer or ours, whichever comes first. */
const ROWS = [
  // route: in and out as a flow says, by its own address inside the cluster.
  ['client tcp 10.17.5.32 80', '192.168.0.77'],
  ['master1 tcp 10.17.5.32 80', '10.17.4.21'],
  ['client tcp 10.17.5.32 22', 'refused'],
  ['db2 tcp 203.0.113.1 80', '192.168.0.40'],
  ['db2 tcp 10.17.4.11 53', '10.17.5.32'],
  ['db2 tcp 10.17.4.21 22', 'refused'],
  // Two ranges of one network: the hypervisor routes between them, and for both.
  ['client tcp 10.17.15.33 80', '192.168.0.77'],
  ['client tcp 10.17.15.33 22', 'refused'],
  ['lb1 tcp 10.17.15.33 80', '192.168.0.50'],
  ['db3 tcp 10.17.5.32 22', '10.17.15.33'],
  ['db2 tcp 10.17.15.33 22', '10.17.5.32'],
  ['db3 tcp 10.17.4.11 53', '10.17.15.33'],
  ['db3 tcp 203.0.113.1 80', '192.168.0.40'],
  // nat: out as a flow says, masqueraded once, and nothing in, whatever a flow says.
  ['tool2 tcp 203.0.113.1 80', '192.168.0.40'],
  ['tool2 udp 203.0.113.1 53', '192.168.0.40'],
  ['tool2 tcp 10.17.5.32 80', '10.17.5.1'],
  ['tool2 tcp 10.17.4.11 53', '10.17.4.1'],
  ['tool2 tcp 10.17.5.32 22', 'refused'],
  ['tool2 tcp 192.168.0.50 22', 'refused'],
  ['client tcp 10.17.6.42 80', 'refused'],
  ['master1 tcp 10.17.6.42 80', 'refused'],
  ['master1 ping 10.17.6.42', 'no pong'],
  ['hypervisor tcp 10.17.6.42 22', '10.17.6.1'],
  // isolated: one another and the hypervisor; neither a flow nor a route of the guest's own leads out.
  ['vault2 tcp 10.17.7.53 22', '10.17.7.52'],
  ['vault2 tcp 10.17.7.1 22', '10.17.7.52'],
  ['vault2 tcp 203.0.113.1 80', 'ENETUNREACH'],
  ['vault3 tcp 10.17.4.11 53', 'ENETUNREACH'],
  ['vault1 tcp 203.0.113.1 80', 'refused'],
  ['vault1 tcp 10.17.4.11 53', 'refused'],
  ['vault1 tcp 10.17.4.21 22', 'refused'],
  ['vault1 ping 10.17.4.21', 'no pong'],
  ['master1 tcp 10.17.7.52 22', 'refused'],
  ['hypervisor tcp 10.17.7.52 22', '10.17.7.1'],
] as const;

function attempt(text: string): Try {
  const [from = '', how, to = '', port] = text.split(' ');
  return { from, how: how as Try['how'], to, ...(port === undefined ? {} : { port: Number(port) }) };
}

describe("beside libvirt's own rules", () => {
  test.for([{ rulesetFirst: true }, { rulesetFirst: false }])(
    'a network of each mode lets pass what it can and a flow says (ruleset first: $rulesetFirst)',
    async ({ rulesetFirst }, context) => {
      requireTools(context, [...tools, 'ss', 'ping'], { root: true });
      const libvirt = await planNetworks();
      const results = await makeTries(
        { ...lab, libvirt, rulesetFirst },
        ROWS.map(([text]) => attempt(text)),
      );
      const seen = results.map((result) => result.replace(/^(EHOSTUNREACH|ECONNREFUSED)$/, 'refused'));
      expect(ROWS.map(([text], index) => [text, seen[index]])).toEqual(ROWS);
    },
  );

  test('what those refuse the generated ones refuse alone, too', async (context) => {
    requireTools(context, ['nft', 'unshare', 'ip', 'ss', 'ping'], { root: true });
    const bridges = {
      ...lab.bridges,
      virbr_kube: ['10.17.4.1/24'],
      virbr_data: ['10.17.5.1/24'],
      virbr_tools: ['10.17.6.1/24'],
      virbr_vault: ['10.17.7.1/24'],
    };
    const refused = ROWS.filter(([, seen]) => seen === 'refused' || seen === 'no pong');
    const results = await makeTries(
      { ...lab, bridges },
      refused.map(([text]) => attempt(text)),
    );
    const expected = refused.map(([text, seen]) => [text, seen === 'refused' ? 'EHOSTUNREACH' : seen]);
    expect(refused.map(([text], index) => [text, results[index]])).toEqual(expected);
  });

  test('guests get addresses, names and, but for isolated ones, a router', async (context) => {
    requireTools(context, [...tools, 'udhcpc', 'bridge', 'busybox'], { root: true });
    const NETWORKS = await planNetworks();
    const CLIENTS = `db1 virbr_data 52:54:00:00:05:31
tool1 virbr_tools 52:54:00:00:06:41
vault1 virbr_vault 52:54:00:00:07:51`;
    const source = (file: string) => `source '${inProject(`test/tools/libvirt/${file}`)}'\n`;
    const asked = `
ip -netns tool1 address add 10.17.6.41/24 dev eth0
ip netns exec tool1 busybox nslookup tool1.tools.internal 10.17.6.1 >"$RESULTS/name"`;
    const script = `nft -f '${ruleset}'\n${source('start-networks.sh')}${source('dhcp-clients.sh')}${asked}`;
    await succeed(runBesideLibvirtd(script, { NETWORKS, RESULTS: scratch, CLIENTS }));

    const result = (name: string) => readFileSync(join(scratch, name), 'utf8');
    const lease = (client: string) => result(`lease-${client}`).trim();
    expect(lease('db1')).toBe('10.17.5.31 router 10.17.5.1 dns 10.17.5.1 domain kube.internal hostname db1');
    expect(lease('tool1')).toBe(
      '10.17.6.41 router 10.17.6.1 dns 10.17.6.1 domain tools.internal hostname tool1',
    );
    expect(lease('vault1')).toBe('10.17.7.51 router  dns 10.17.7.1 domain kube.internal hostname vault1');
    expect(result('name')).toContain('Address: 10.17.6.41');
  });
});
