import { nameHolders } from '../cover/name-holders.ts';
import { isTriedElsewhere } from '../is-tried-elsewhere.ts';
import { judgedFlows } from '../judged-flows.ts';
import { defineRule } from '../rule.ts';

export const flowRedundant = defineRule({
  id: 'flow-redundant',
  severity: 'warning',
  docs: {
    summary: 'a flow lets nothing pass that other flows do not let pass already',
    why: 'The rules of a chain are tried in order and the first `accept` decides (nft(8), "Verdict statements"), so what stands behind is never reached. Who later takes the flow out, to close what it says, closes nothing. What a cluster needs is derived and need not be said.',
    help: 'Take it out. If it is there to be tried, say it under `verify`. A role is taken for the nodes that it will have, too: a flow for a whole role is not made redundant by one for the nodes that it has today.',
    fails:
      'firewall:\n  flows:\n    - { from: worker, to: master, ports: [6443] }\n    - { from: lan, to: master }\n    - { from: lb1, to: master1, ports: [9100] }',
    passes:
      'firewall:\n  flows:\n    - { from: lan, to: master, ports: [6443], comment: more than the load balancers }\n    - { from: lan, to: worker1, ports: [9100-9199] }\n    - { from: lan, to: worker, ports: [9100], comment: a second worker is to come }',
  },
  *check(cluster) {
    for (const { flow, by } of judgedFlows(cluster).flows) {
      const { names, related } = nameHolders(by);
      yield {
        at: flow.origin ?? [],
        message: `all that this flow lets pass is let pass already by ${names}`,
        related,
        help: 'take it out; what is to be tried goes under `verify`',
        ...(isTriedElsewhere(cluster, flow) ? { fix: 'remove' } : {}),
      };
    }
  },
});
