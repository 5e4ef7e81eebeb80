import type { Path } from '../../diagnostics/diagnostic.ts';
import { nameOf } from '../../resolve/name-of.ts';
import type { HeldEntry } from '../cover/held-flows.ts';
import { nameHolders } from '../cover/name-holders.ts';
import { isTriedElsewhere } from '../is-tried-elsewhere.ts';
import { judgedFlows } from '../judged-flows.ts';
import { defineRule } from '../rule.ts';

export const flowPartlyRedundant = defineRule({
  id: 'flow-partly-redundant',
  severity: 'warning',
  docs: {
    summary: 'an entry of a flow adds nothing that other flows do not let pass already',
    why: 'The first `accept` of a chain decides (nft(8), "Verdict statements"): the rules that the entry makes are never reached, and who takes it out one day closes nothing.',
    help: 'Take the entry out of the list. Judged are whole entries of `from`, `to` and `ports`: flows that share some packets, as a whole LAN and the load balancers on it, are no mistake and not reported.',
    fails: 'firewall:\n  flows: [{ from: [lb1, 192.168.0.9], to: master, ports: [6443] }]',
    passes:
      'firewall:\n  flows:\n    - { from: [lb1, 192.168.0.9], to: master, ports: [6443, 9100] }\n    - { from: lan, to: [master1, worker], ports: [8000-9000] }',
  },
  *check(cluster) {
    for (const held of judgedFlows(cluster).entries) {
      const { names, related } = nameHolders(held.by);
      const name = 'kind' in held.entry ? nameOf(held.entry) : held.entry.toString();
      yield {
        at: placeOf(held),
        message: `"${name}" adds nothing to this flow: that is let pass already by ${names}`,
        related,
        help: `take "${name}" out of the list`,
        ...(isTriedElsewhere(cluster, held.flow, held.entry) ? { fix: 'remove' } : {}),
      };
    }
  },
});

/** Places stand in the order in which they are said, ports do not: they are found by what is said. */
function placeOf({ flow, side, entry }: HeldEntry): Path {
  const at = [...(flow.origin ?? []), side];
  return 'kind' in entry && side !== 'ports' ? [...at, flow[side].indexOf(entry)] : [...at, entry.toString()];
}
