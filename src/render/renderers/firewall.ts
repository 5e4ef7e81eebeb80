import { posix } from 'node:path';
import { rulesetsOf } from '../../firewall/build-ruleset.ts';
import type { Chain, NamedSet } from '../../firewall/ruleset.ts';
import type { Cluster, Hypervisor } from '../../resolve/cluster.ts';
import { defineRenderer } from '../renderer.ts';

const PRIORITIES = { filter: 'filter', nat: 'srcnat' } as const;

export const firewall = defineRenderer({
  id: 'firewall',
  template: 'nftables/[firewall].conf.njk',
  *jobs(cluster) {
    for (const [hypervisor, { table, sets, chains }] of rulesetsOf(cluster)) {
      const view = { table, sets: sets.map(setView), chains: chains.map(chainView) };
      yield { params: { firewall: rulesetName(cluster, hypervisor) }, view };
    }
  },
});

/** The name of a hypervisor's ruleset in the tree: that of the file on the host, or with several that of the host. */
function rulesetName({ hypervisors, firewallPath }: Cluster, hypervisor: Hypervisor): string {
  if (hypervisors.length > 1) return hypervisor.name;
  return posix.basename(firewallPath).replace(/\.[^.]*$/, '');
}

/** The file of a hypervisor's ruleset, below nftables/. */
export function rulesetFile(cluster: Cluster, hypervisor: Hypervisor): string {
  return `${rulesetName(cluster, hypervisor)}.conf`;
}

function setView({ name, comment, elements }: NamedSet) {
  const isInterface = elements.some(({ value }) => typeof value === 'string');
  return {
    name,
    comment,
    type: isInterface ? 'ifname' : 'ipv4_addr',
    isInterval: elements.some(({ value }) => /[/-]/.test(String(value)) && !isInterface),
    elements: elements.map((element) => ({ value: String(element.value), comment: element.comment })),
  };
}

function chainView({ name, hook, rules }: Chain) {
  if (hook === undefined) return { name, isBase: false, rules };
  return { name, isBase: true, type: hook.type, hook: hook.at, priority: PRIORITIES[hook.type], rules };
}
