import { describe, expect, it } from 'vitest';
import { clusters } from '../../support/clusters.ts';
import { requireTools } from '../../support/require-tools.ts';
import { run } from '../../support/run.ts';
import { haPair } from './expected/ha-pair.ts';
import type { ExpectedInventory } from './expected/inventory.ts';
import { openNetworks } from './expected/open-networks.ts';
import { reference } from './expected/reference.ts';
import { smallest } from './expected/smallest.ts';
import { twoHypervisors } from './expected/two-hypervisors.ts';

const expectedInventories: Readonly<Record<string, ExpectedInventory>> = {
  reference,
  smallest,
  'ha-pair': haPair,
  'two-hypervisors': twoHypervisors,
  'open-networks': openNetworks,
};

describe.each(clusters)('the inventory of $name', ({ name, tree }) => {
  it('is to Ansible what the model says', async (context) => {
    requireTools(context, ['ansible-inventory']);
    const { stdout } = await run('ansible-inventory', ['--list'], { cwd: `${tree}/ansible` });
    const inventory = JSON.parse(stdout);
    const expected = expectedInventories[name];
    expect(inventory._meta.hostvars).toEqual(expected?.hostvars);
    const groups = Object.entries(inventory).filter(([group]) => group !== '_meta' && group !== 'all');
    const hosts = Object.fromEntries(
      groups.map(([group, value]) => [group, (value as { hosts: string[] }).hosts]),
    );
    expect(hosts).toEqual(expected?.groups);
    expect(new Set(inventory.all.children)).toEqual(
      new Set(['ungrouped', ...Object.keys(expected?.groups ?? {})]),
    );
  });
});
