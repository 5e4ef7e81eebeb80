import { hasCardIn } from '../../resolve/cards.ts';
import type { Cluster, Network, Nic, Node } from '../../resolve/cluster.ts';
import { type Connection, neededConnections } from '../needed-connections.ts';
import { defineRule, type Violation } from '../rule.ts';
import { wayTo } from '../way.ts';

export const returnPathAsymmetric = defineRule({
  id: 'return-path-asymmetric',
  severity: 'warning',
  docs: {
    summary: 'a node answers by another card than it is asked by',
    why: "Whoever asks from a network where the node has a second card goes to its own address through the hypervisor, and is answered on that card directly. The hypervisor's firewall sees the first packet and never the answer; the next one is invalid to it and dropped (nf_conntrack_proto_tcp.c: an ACK after a lone SYN). Measured in namespaces: the connection opens, and no data gets through. With strict `rp_filter`, as on EL9, the node drops the question already ([ip-sysctl](https://docs.kernel.org/networking/ip-sysctl.html)).",
    help: 'Take the second card away: the hypervisor routes between the networks. Or let both ends use the network that they share: give the other one a card, or the node its own address, there.',
    fails: `nodes:
  master1:
    network: null
    ip: null
    nics:
      eth0: { network: kube, ip: 10.17.4.21 }
      eth1: { network: lan, ip: 192.168.0.21 }`,
    passes: `networks:
  backup: { cidr: 10.17.9.0/24, bridge: virbr_backup, mode: isolated }
nodes:
  master1:
    network: null
    ip: null
    nics:
      eth0: { network: kube, ip: 10.17.4.21 }
      eth1: { network: backup, ip: 10.17.9.21 }`,
  },
  *check(cluster) {
    const seen = new Set<Nic>();
    for (const connection of neededConnections(cluster)) {
      const crooked = crookedAnswer(cluster, connection);
      if (crooked === undefined || seen.has(crooked.card)) continue;
      seen.add(crooked.card);
      const { from, to, what, at } = connection;
      const { node, card } = crooked;
      yield {
        at: [...card.origin, 'network'],
        message: `"${node.name}" answers "${from.name}" here, but is asked for ${what} of "${to.name}" in "${to.network.name}", through the hypervisor`,
        related: [
          { at: [...crooked.source.origin, 'network'], message: `"${from.name}" asks from here` },
          { at, message: 'it is needed here' },
          ...likeIt(cluster, crooked),
        ],
        help: `take the card away: the hypervisor routes between the two networks`,
      };
    }
  },
});

/** The nodes that have cards in the same networks. */
function likeIt({ nodes }: Cluster, { node, card }: Crooked): NonNullable<Violation['related']> {
  return nodes
    .filter((other) => other !== node && node.nics.every(({ network }) => hasCardIn(other, network)))
    .flatMap(({ name, nics }) =>
      nics
        .filter(({ network }) => network === card.network)
        .map(({ origin }) => ({ at: [...origin, 'network'], message: `so does "${name}" here` })),
    )
    .slice(0, 3);
}

interface Crooked {
  readonly node: Node;
  /** The card that the answer leaves by. */
  readonly card: Nic;
  /** The card that the question leaves by. */
  readonly source: Nic;
}

/** Whether a hypervisor passes a connection on, and whoever has the target's address is a neighbour of the source. */
function crookedAnswer(cluster: Cluster, { from, to }: Connection): Crooked | undefined {
  const { leaves: source } = wayTo(cluster, from, to.network);
  if (source === undefined) return undefined;
  const isRouted = (network: Network) => network.router.hypervisor !== undefined;
  // In nat mode the question has the hypervisor's address, and the answer goes back there.
  if (source.network === to.network || source.network.mode === 'nat') return undefined;
  if (!isRouted(source.network) && !isRouted(to.network)) return undefined;
  for (const node of to.holders) {
    const card = node.nics.find(({ network }) => network === source.network);
    if (card !== undefined) return { node, card, source };
  }
  return undefined;
}
