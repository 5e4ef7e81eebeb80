import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildTree, clusters } from '../../support/clusters.ts';
import { SMALLEST } from '../../support/compile.ts';
import { runInNamespace } from '../../support/namespace.ts';
import { inProject } from '../../support/paths.ts';
import { requireTools } from '../../support/require-tools.ts';

const FORWARD = 'type filter hook forward priority filter; policy accept;';
const INPUT = 'type filter hook input priority filter; policy accept;';
const NAT = 'type nat hook postrouting priority srcnat; policy accept;';
const fullTree = buildTree(inProject('test/models/full.yaml'));
const duo = inProject('examples/two-hypervisors/generated');

/** Each hypervisor's ruleset; one that routes nothing has no chains. */
const rulesets = [
  { file: `${clusters[0].tree}/nftables/flatcar-microcloud.conf`, table: 'gi_flatcar_microcloud' },
  { file: `${clusters[1].tree}/nftables/home.conf`, table: 'gi_home' },
  { file: `${clusters[2].tree}/nftables/ha-pair.conf`, table: 'gi_ha_pair' },
  { file: `${clusters[4].tree}/nftables/open-networks.conf`, table: 'gi_open_networks' },
  { file: `${fullTree}/nftables/kvm1.conf`, table: 'gi_full' },
  { file: `${fullTree}/nftables/kvm2.conf`, table: 'gi_full', hooks: [] },
  { file: `${duo}/nftables/kvm1.conf`, table: 'gi_duo' },
  { file: `${duo}/nftables/kvm2.conf`, table: 'gi_duo' },
].map((ruleset) => ({ hooks: [FORWARD, INPUT, NAT], ...ruleset, name: basename(ruleset.file) }));

describe.each(rulesets)('the ruleset $name of $table', ({ file, table, hooks }) => {
  it('is accepted by nft and changes nothing by being checked', async (context) => {
    requireTools(context, ['nft', 'unshare'], { root: true });
    const result = await runInNamespace('nft -c -f "$RULESET"; nft list ruleset', {
      env: { RULESET: file },
    });
    expect(result).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  });

  it('can be loaded again and again beside tables of others, which stay as they are', async (context) => {
    requireTools(context, ['nft', 'unshare'], { root: true });
    const script = `
nft 'table ip libvirt_network { chain guest_nat { type nat hook postrouting priority 100; ip saddr 192.168.122.0/24 masquerade; }; }'
before=$(nft list table ip libvirt_network)
nft -f "$RULESET"; first=$(nft list table inet "$TABLE")
nft -f "$RULESET"; second=$(nft list table inet "$TABLE")
[ "$first" = "$second" ] && echo "same after the second time"
[ "$before" = "$(nft list table ip libvirt_network)" ] && echo "the other table is as it was"
nft list tables
`;
    const result = await runInNamespace(script, { env: { RULESET: file, TABLE: table } });
    expect(result).toEqual({
      exitCode: 0,
      stdout: `same after the second time\nthe other table is as it was\ntable ip libvirt_network\ntable inet ${table}\n`,
      stderr: '',
    });
  });

  it('keeps no packet from anybody by a policy: every base chain accepts what no rule decides', async (context) => {
    requireTools(context, ['nft', 'unshare'], { root: true });
    const script = 'nft -f "$RULESET"; nft list ruleset';
    const { stdout } = await runInNamespace(script, { env: { RULESET: file } });
    expect(stdout.match(/type .* hook .*/g) ?? []).toEqual(hooks);
  });
});

describe('rules that are said word for word', () => {
  const odd = [
    'ip saddr { 10.17.4.21, 10.17.4.24 } tcp dport { 80, 443 } counter accept',
    'log prefix "a; } chain x { # " level info',
    'tcp dport vmap { 25 : drop, 26 : accept }',
    'limit rate over 5/second burst 10 packets drop',
    'meta l4proto icmp icmp type echo-reply accept',
  ];
  const places = ['forward', 'input'].flatMap((chain) =>
    ['flows', 'refusal'].map((before) => ({ chain, before })),
  );

  it('stand where they are put, and nothing of them is anywhere else', async (context) => {
    requireTools(context, ['nft', 'unshare'], { root: true });
    const rules = places.flatMap((place) =>
      odd.map((rule) => ({ ...place, rule, comment: `${place.chain} ${place.before}` })),
    );
    const model = join(mkdtempSync(join(tmpdir(), 'rules-')), 'cluster.yaml');
    writeFileSync(model, `${SMALLEST}\nfirewall: ${JSON.stringify({ rules })}\n`);
    const script = 'nft -c -f "$RULESET"; nft -f "$RULESET"; nft list ruleset';
    const listed = async (file: string) => {
      const { exitCode, stdout, stderr } = await runInNamespace(script, {
        env: { RULESET: join(buildTree(file), 'nftables/home.conf') },
      });
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      return stdout.split('\n');
    };
    const [plain, told] = [await listed(clusters[1].model), await listed(model)];
    const own = /comment "(forward|input) (flows|refusal)"$/;
    expect(told.filter((line) => !own.test(line))).toEqual(plain);
    // The line after the last rule of each place.
    const next = told.flatMap((line, index) => {
      const after = told[index + 1] ?? '';
      return own.test(line) && !own.test(after)
        ? [`${own.exec(line)?.slice(1).join(' ')}: ${after.trim()}`]
        : [];
    });
    expect(next).toEqual([
      expect.stringMatching(/^forward flows: .*"api to its backends"$/),
      expect.stringMatching(/^forward refusal: limit rate 5\/minute .* log prefix "gi home forward: "/),
      expect.stringMatching(/^input flows: ip saddr @cluster_networks icmp type echo-request/),
      expect.stringMatching(/^input refusal: meta pkttype/),
    ]);
  });
});
