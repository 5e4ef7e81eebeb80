import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildTree, clusters } from '../../support/clusters.ts';
import { runInNamespace } from '../../support/namespace.ts';
import { inProject } from '../../support/paths.ts';
import { requireTools } from '../../support/require-tools.ts';

/** The only file of a tree's nftables/ folder. */
function rulesetOf(tree: string): string {
  const files = readdirSync(join(tree, 'nftables'));
  expect(files).toHaveLength(1);
  return join(tree, 'nftables', files[0] ?? '');
}

const trees = [
  { ...clusters[0], table: 'gi_flatcar_microcloud' },
  { ...clusters[1], table: 'gi_home' },
  { ...clusters[2], table: 'gi_ha_pair' },
  { name: 'full', model: inProject('test/models/full.yaml'), table: 'gi_full' },
];

describe.each(trees)('the ruleset of $name', (cluster) => {
  const ruleset = () => rulesetOf('tree' in cluster ? cluster.tree : buildTree(cluster.model));

  it('is accepted by nft and changes nothing by being checked', async (context) => {
    requireTools(context, ['nft', 'unshare'], { root: true });
    const result = await runInNamespace('nft -c -f "$RULESET"; nft list ruleset', {
      env: { RULESET: ruleset() },
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
    const result = await runInNamespace(script, { env: { RULESET: ruleset(), TABLE: cluster.table } });
    expect(result).toEqual({
      exitCode: 0,
      stdout: `same after the second time\nthe other table is as it was\ntable ip libvirt_network\ntable inet ${cluster.table}\n`,
      stderr: '',
    });
  });

  it('keeps no packet from anybody by a policy: every base chain accepts what no rule decides', async (context) => {
    requireTools(context, ['nft', 'unshare'], { root: true });
    const script = 'nft -f "$RULESET"; nft list ruleset | grep -o "type .* hook .*"';
    const { stdout } = await runInNamespace(script, { env: { RULESET: ruleset() } });
    expect(stdout.trim().split('\n')).toEqual([
      'type filter hook forward priority filter; policy accept;',
      'type filter hook input priority filter; policy accept;',
      'type nat hook postrouting priority srcnat; policy accept;',
    ]);
  });
});
