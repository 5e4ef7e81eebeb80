import { nameOf } from '../../resolve/name-of.ts';
import { acceptingRule, neededPlaces, packetText, stoppedPackets } from '../nft/stopped-packets.ts';
import { defineRule } from '../rule.ts';

export const ruleStopsNeededFlow = defineRule({
  id: 'rule-stops-needed-flow',
  severity: 'error',
  docs: {
    summary: 'an nft rule of your own stops packets that the cluster cannot do without',
    why: 'The rules of a chain are tried in order, and `drop` and `reject` end the packet at once (nft(8), "Verdict statements"): what stands before the flows is asked before what the cluster needs is let pass. The finding names a packet for which it was worked out that the rule matches and that none before it could have accepted it. A rule with something that is not understood, such as a limit, a mark or a map, is never blamed, and whatever it might accept counts as accepted.',
    help: 'Say in the rule whom it is not about (`ip saddr != 192.168.0.50`), accept what is needed in a rule before it, or put it `before: refusal`, where it sees only what no flow lets pass.',
    fails:
      'firewall:\n  rules:\n    - { chain: forward, before: flows, rule: ip saddr != 10.17.4.0/24 tcp dport 6443 drop, comment: not from outside }',
    passes:
      'firewall:\n  rules:\n    - { chain: forward, before: flows, rule: "ip saddr { 192.168.0.50, 192.168.0.51 } tcp dport 6443 accept" }\n    - { chain: forward, before: flows, rule: ip daddr 10.17.4.0/24 tcp dport 6443 drop }\n    - { chain: forward, before: refusal, rule: drop, comment: without an answer }',
  },
  *check(cluster) {
    for (const [origin, packets] of stoppedPackets(cluster)) {
      const [first] = packets;
      if (first === undefined || packets.some(({ to }) => to.place.kind === 'hypervisor')) continue;
      const { from, to, flow } = first;
      yield {
        at: [...origin, 'rule'],
        message: `this rule stops ${packetText(first)}, which "${nameOf(from.place)}" opens to "${nameOf(to.place)}": ${flow.reason}`,
        related: neededPlaces(packets),
        help: `say whom it is not about, or put before it ${acceptingRule(first)}`,
      };
    }
  },
});
