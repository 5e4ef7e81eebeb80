import { formatPath, type Path } from '../../diagnostics/diagnostic.ts';
import { primaryCard } from '../../resolve/cards.ts';
import type { Network, Node } from '../../resolve/cluster.ts';
import { nameOf } from '../../resolve/name-of.ts';
import { closedNetworks } from '../closed-networks.ts';
import { failedEntries } from '../failed-checks.ts';
import { refusalOfFlow } from '../refusals.ts';
import { defineRule, type Violation } from '../rule.ts';

export const refusedByLibvirt = defineRule({
  id: 'refused-by-libvirt',
  severity: 'error',
  docs: {
    summary: 'a flow or a check of `verify` names connections that libvirt refuses',
    why: 'Into a network in nat mode libvirt lets answers and nothing else, into and out of an isolated one nothing ([connectivity](https://libvirt.org/formatnetwork.html#connectivity)). Each table of the firewall has to accept a packet, so no flow opens what libvirt rejects, and such a check fails for ever.',
    help: 'Say `mode: open` for the network, or remove the entry. The hypervisor itself reaches all of its networks, and a network in nat mode opens connections to others.',
    fails: `networks:
  tools: { cidr: 10.17.6.0/24, bridge: virbr_tools, mode: nat }
nodes:
  tool1: { role: tools-node, network: tools, ip: 10.17.6.41 }
verify:
  - { from: master, to: tool1, ports: [22] }`,
    passes: `networks:
  tools: { cidr: 10.17.6.0/24, bridge: virbr_tools, mode: nat }
nodes:
  tool1: { role: tools-node, network: tools, ip: 10.17.6.41 }
firewall:
  flows:
    - { from: tool1, to: worker, ports: [8080] }
verify:
  - { from: kvm1, to: tool1, ports: [22] }`,
  },
  *check(cluster) {
    // What the cluster itself needs is found at the network, and these with it.
    const known = closedNetworks(cluster);
    const seen = new Set<string>();
    for (const { from, to, at, closed, verification } of failedEntries(cluster)) {
      const place = `${formatPath(at)} ${closed?.name}`;
      if (closed === undefined || known.has(closed) || seen.has(place)) continue;
      seen.add(place);
      yield refused(closed, {
        at,
        message: `"${from.name}" cannot open a connection to "${nameOf(verification.to)}"`,
        related: [...('network' in from ? [from] : []), ...to.holders].map(placeOf),
      });
    }
    for (const { origin, ...flow } of cluster.flows) {
      const refusal = origin === undefined ? undefined : refusalOfFlow(cluster, flow);
      if (origin === undefined || refusal === undefined || known.has(refusal.network)) continue;
      const { network, end } = refusal;
      yield refused(network, { at: [...origin, end], message: 'nothing of this flow can open' });
    }
  },
});

function placeOf(node: Node): { readonly at: Path; readonly message: string } {
  return { at: [...primaryCard(node).origin, 'network'], message: `"${node.name}" is here` };
}

function refused(
  network: Network,
  { at, message, related = [] }: Pick<Violation, 'at' | 'message' | 'related'>,
): Violation {
  const rest =
    network.mode === 'nat'
      ? `libvirt refuses every new connection into "${network.name}"`
      : `libvirt lets nothing into or out of "${network.name}"`;
  return {
    at,
    message: `${message}: ${rest}`,
    related: [{ at: [...network.origin, 'mode'], message: 'its mode is here' }, ...related],
    help: `say \`mode: open\` for "${network.name}", and the generated firewall decides; or remove this entry`,
  };
}
