import { routedNetworks } from '../../resolve/addressing.ts';
import type { Bridge, Cluster } from '../../resolve/cluster.ts';
import { parseRule } from '../nft/parse-rule.ts';
import { defineRule } from '../rule.ts';

export const ruleNamesBridgePort = defineRule({
  id: 'rule-names-bridge-port',
  severity: 'warning',
  docs: {
    summary: 'an nft rule of your own asks for a network card that is a port of a bridge',
    why: 'What comes in by a port belongs to the bridge before any rule of the family `inet` sees it (`br_pass_frame_up` in net/bridge/br_input.c; with br_netfilter `brnf_get_logical_dev` in net/bridge/br_netfilter_hooks.c), and what is routed out leaves by the bridge. So `iifname` and `oifname` are never the name of the card: such a rule matches nothing, and one with `!=` everything.',
    help: 'Name the bridge. What comes by a bridge also comes from the guests on it: name addresses, too, where that matters.',
    fails:
      'firewall:\n  rules:\n    - { chain: forward, rule: oifname "enp4s0f1" tcp dport 25 accept, comment: mail goes out }',
    passes:
      'firewall:\n  rules:\n    - { chain: forward, rule: oifname "br0" tcp dport 25 accept }\n    - { chain: forward, rule: iifname "enp4s0f2" tcp dport 9100 accept, comment: a card that is in no bridge }',
  },
  *check(cluster) {
    const portOf = portsOf(cluster);
    for (const { rule, origin } of cluster.firewallRules) {
      for (const test of parseRule(rule).tests) {
        if (!('names' in test)) continue;
        const bridges = test.names.flatMap((name) => portOf(name) ?? []);
        const [bridge] = bridges;
        if (bridge === undefined || bridges.length < test.names.length) continue;
        const { name, uplink, origin: place } = bridge;
        const effect = test.not ? 'this holds for all of them' : 'this rule matches nothing';
        yield {
          at: [...origin, 'rule'],
          message: `packets come and go by the bridge "${name}", not by its port "${uplink}": ${effect}`,
          related: [{ at: [...place, 'uplink'], message: `it is a port of "${name}" here` }],
          help: `say ${test.field} ${test.not ? '!= ' : ''}"${name}"`,
        };
      }
    }
  },
});

/** Finds the bridge that a name is a port of, on every hypervisor with a firewall: elsewhere it can be a card by itself. */
function portsOf(cluster: Cluster): (name: string) => Bridge | undefined {
  const routers = cluster.hypervisors.filter((host) => routedNetworks(cluster, host).length > 0);
  return (name) => {
    const bridges = routers.map((host) => host.bridges.find(({ uplink }) => uplink === name));
    return bridges.includes(undefined) ? undefined : bridges[0];
  };
}
