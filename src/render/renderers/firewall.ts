import { posix } from 'node:path';
import { buildRuleset } from '../../firewall/build-ruleset.ts';
import type { Chain, NamedSet } from '../../firewall/ruleset.ts';
import { defineRenderer } from '../renderer.ts';

const PRIORITIES = { filter: 'filter', nat: 'srcnat' } as const;

export const firewall = defineRenderer({
  id: 'firewall',
  template: 'nftables/[firewall].conf.njk',
  *jobs(cluster) {
    const { table, sets, chains } = buildRuleset(cluster);
    const view = { table, sets: sets.map(setView), chains: chains.map(chainView) };
    yield { params: { firewall: posix.basename(cluster.firewallPath).replace(/\.[^.]*$/, '') }, view };
  },
});

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
