import { bridgeOn } from '../../resolve/addressing.ts';
import { primaryCard } from '../../resolve/cards.ts';
import type { Cluster, Network, Node } from '../../resolve/cluster.ts';
import { closedNetworks } from '../closed-networks.ts';
import { type Connection, needsOf } from '../needed-connections.ts';
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
      const message = `libvirt refuses ${refused(network, to.network)}, and "${from.name}" needs ${what} of "${to.name}"`;
      const related = needsOf(needs);
      const mode = [...network.origin, 'mode'];
      const stray = strayNode(cluster, network, needs);
      yield stray === undefined
        ? {
            at: mode,
            message,
            related,
            help: 'say `mode: open`, and the generated firewall decides what passes; or put both into one network',
          }
        : {
            at: [...primaryCard(stray.node).origin, 'network'],
            message,
            related: [{ at: mode, message: 'its mode is here' }, ...related],
            help: `put "${stray.node.name}" into "${stray.home.name}", where the others of its role are; or say \`mode: open\``,
          };
    }
  },
});

/** The one node in a network that has all others of its role elsewhere, where it could be: it is in the wrong place, not the mode. */
function strayNode({ nodes }: Cluster, network: Network, needs: readonly Connection[]): Stray | undefined {
  const ends = needs
    .flatMap(({ from, to }) => [from, ...to.holders])
    .filter((node) => node.network === network);
  const [node, other] = new Set(ends);
  if (node === undefined || other !== undefined) return undefined;
  const alike = nodes.filter(({ roles }) => roles.some((role) => node.roles.includes(role)));
  const [home, another] = new Set(alike.filter((each) => each !== node).map((each) => each.network));
  if (home === undefined || home === network || another !== undefined) return undefined;
  return bridgeOn(home, node.hypervisor) === undefined ? undefined : { node, home };
}

interface Stray {
  readonly node: Node;
  readonly home: Network;
}

function refused({ name, mode }: Network, target: Network): string {
  const way = target.name === name ? 'into' : 'out of';
  return `every new connection ${way} "${name}" (${mode})`;
}
