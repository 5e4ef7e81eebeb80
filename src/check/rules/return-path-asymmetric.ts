import type { Leg } from '../../reach/reach.ts';
import { hasCardIn } from '../../resolve/cards.ts';
import type { Cluster, Nic, Node } from '../../resolve/cluster.ts';
import { type Failure, lostConnections } from '../lost-connections.ts';
import type { Connection } from '../needed-connections.ts';
import { defineRule, type Violation } from '../rule.ts';

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
    for (const lost of lostConnections(cluster)) {
      const crooked = crookedAnswer(lost);
      if (crooked === undefined || seen.has(crooked.card)) continue;
      seen.add(crooked.card);
      const { from, to, what, at } = lost;
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

/** The cards of an answer that does not come by the firewall that passed on the question, or by one that knows of none. */
function crookedAnswer({ from, holder, way, stop, isAnswer }: Connection & Failure): Crooked | undefined {
  const isCrooked = isAnswer && (stop.cause?.by === 'detour' || stop.cause?.by === 'firewall');
  if (!isCrooked || holder === undefined || way.answer === undefined) return undefined;
  const source = leaving(from, way.question);
  const card = leaving(holder, way.answer);
  return source === undefined || card === undefined ? undefined : { node: holder, card, source };
}

/** The card that a node sends by. */
function leaving({ nics }: Node, { hops: [first] }: Leg): Nic | undefined {
  return nics.find(({ network }) => network === first?.card?.network);
}
