import { nameOf } from '../../resolve/name-of.ts';
import { acceptingRule, neededPlaces, packetText, stoppedPackets } from '../nft/stopped-packets.ts';
import { defineRule } from '../rule.ts';

export const ruleStopsController = defineRule({
  id: 'rule-stops-controller',
  severity: 'error',
  docs: {
    summary: 'an nft rule of your own cuts the SSH path from the controller to a hypervisor',
    why: 'The connection over which the ruleset is loaded goes on, because answers and what they belong to pass first (`ct state established`), and the next one is stopped: the host can only be reached at its console. The playbook notices, since it loads a ruleset for good only after a new connection has come in, and takes it back; what is loaded by hand or at the next boot stays (nft(8), "Verdict statements").',
    help: 'Say in the rule that it is not about the controller (`ip saddr != 10.17.4.24`), or accept its SSH in a rule before.',
    fails:
      'controller: worker1\nfirewall:\n  rules:\n    - { chain: input, before: flows, rule: tcp dport 22 drop, comment: no SSH from guests }',
    passes:
      'controller: worker1\nfirewall:\n  rules:\n    - { chain: input, before: flows, rule: ip saddr != 10.17.4.24 tcp dport 22 drop, comment: no SSH from other guests }',
  },
  *check(cluster) {
    for (const [origin, packets] of stoppedPackets(cluster)) {
      const cut = packets.find(({ to }) => to.place.kind === 'hypervisor');
      if (cut === undefined) continue;
      const others = packets.filter((packet) => packet !== cut);
      yield {
        at: [...origin, 'rule'],
        message: `this rule stops ${packetText(cut)}: the controller "${nameOf(cut.from.place)}" loses its way to "${nameOf(cut.to.place)}"`,
        related: neededPlaces([cut, ...others]),
        help: `say that it is not about the controller, or put before it ${acceptingRule(cut)}`,
      };
    }
  },
});
