import type { Network } from '../../resolve/cluster.ts';
import { closedNetworks } from '../closed-networks.ts';
import { needsOf } from '../needed-connections.ts';
import { defineRule } from '../rule.ts';

export const networkClosed = defineRule({
  id: 'network-closed',
  severity: 'error',
  docs: {
    summary: 'libvirt refuses connections that the cluster needs',
    why: 'Into a network in nat mode libvirt lets answers and nothing else, into and out of an isolated one nothing: its rules end in REJECT ([connectivity](https://libvirt.org/formatnetwork.html#connectivity); src/network/network_iptables.c and network_nftables.c). An accept of ours does not help, because each table has to accept a packet, and neither does a route: measured, a load balancer on the LAN with a route got Destination Port Unreachable for each master in a nat network.',
    help: 'Say `mode: open`: libvirt writes no rules then, the generated firewall lets in what the cluster needs, and masquerades what leaves. Or put both ends into one network.',
    fails: 'networks:\n  kube: { mode: nat }',
    passes: `networks:
  tools: { cidr: 10.17.6.0/24, bridge: virbr_tools, mode: nat }
nodes:
  tool1: { role: tools-node, network: tools, ip: 10.17.6.41 }`,
  },
  *check(cluster) {
    for (const [network, needs] of closedNetworks(cluster)) {
      const [first] = needs;
      if (first === undefined) continue;
      const { from, to, what } = first;
      yield {
        at: [...network.origin, 'mode'],
        message: `libvirt refuses ${refused(network, to.network)}, and "${from.name}" needs ${what} of "${to.name}"`,
        related: needsOf(needs),
        help: 'say `mode: open`, and the generated firewall decides what passes; or put both into one network',
      };
    }
  },
});

function refused({ name, mode }: Network, target: Network): string {
  const way = target.name === name ? 'into' : 'out of';
  return `every new connection ${way} "${name}" (${mode})`;
}
