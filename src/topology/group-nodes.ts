import { isPrimaryCard } from '../resolve/cards.ts';
import type { Cluster, Hypervisor, Network, Nic, Node, Vip } from '../resolve/cluster.ts';
import { compareNames } from '../resolve/compare-names.ts';
import { groupBy } from '../resolve/group-by.ts';
import type { NodeCard, NodeGroup, VipBadge } from './topology.ts';

/** Roles in the order in which a request meets them; the others follow by name. */
const ORDER = ['load-balancer', 'ingress', 'master', 'worker'];

/** The nodes of a network on one hypervisor: first those that hold VIPs, each with its VIPs, then the others by their roles. */
export function groupNodes({ nodes, vips }: Cluster, network: Network, host: Hypervisor): NodeGroup[] {
  const here = nodes
    .filter(({ hypervisor }) => hypervisor === host)
    .flatMap((node) => cardsIn(node, network));
  const held = vips.filter(
    (vip) =>
      vip.network === network &&
      vip.members.some(({ node, nic }) => node.hypervisor === host && nic.network === network),
  );
  const clusters = shareMembers(held);
  const holders = clusters.map((together) => ({ vips: together, nodes: membersOf(together, here) }));
  const holding = new Set(holders.flatMap((holder) => holder.nodes));
  const rest = here.filter((card) => !holding.has(card));
  return [
    ...holders.map((holder) => ({
      roles: [...new Set(holder.nodes.map(rolesOf))].join('; '),
      nodes: holder.nodes.map(nodeCard),
      vips: holder.vips.map(vipBadge),
    })),
    ...byRoles(rest),
  ];
}

/** One network card of a node. */
interface Card {
  readonly node: Node;
  readonly nic: Nic;
}

function cardsIn(node: Node, network: Network): Card[] {
  return node.nics.filter((nic) => nic.network === network).map((nic) => ({ node, nic }));
}

/** VIPs in groups such that no node is a member of VIPs in two groups. */
function shareMembers(vips: readonly Vip[]): Vip[][] {
  let groups: Vip[][] = [];
  for (const vip of vips) {
    const names = new Set(vip.members.map(({ node }) => node.name));
    const isTouched = (group: readonly Vip[]) =>
      group.some(({ members }) => members.some(({ node }) => names.has(node.name)));
    const touched = groups.filter(isTouched);
    const joined = [...touched.flat(), vip];
    // It stands where the first of them stood.
    const rest = groups.flatMap((group) =>
      group === touched[0] ? [joined] : touched.includes(group) ? [] : [group],
    );
    groups = touched.length === 0 ? [...groups, joined] : rest;
  }
  return groups;
}

function membersOf(vips: readonly Vip[], here: readonly Card[]): Card[] {
  const members = new Set(vips.flatMap((vip) => vip.members.map(({ node }) => node.name)));
  return here.filter(({ node }) => members.has(node.name));
}

function byRoles(cards: readonly Card[]): NodeGroup[] {
  return [...groupBy(cards, rolesOf)]
    .sort(([a], [b]) => rank(a) - rank(b) || compareNames(a, b))
    .map(([roles, members]) => ({ roles, nodes: members.map(nodeCard), vips: [] }));
}

function rank(roles: string): number {
  const index = ORDER.indexOf(roles.split(', ')[0] ?? '');
  return index < 0 ? ORDER.length : index;
}

function rolesOf({ node }: Card): string {
  return node.roles.join(', ');
}

function nodeCard({ node, nic }: Card): NodeCard {
  const { name, provides } = node;
  const ip = nic.ip.toString();
  return { id: isPrimaryCard(node, nic) ? name : `${name} ${ip}`, name, ip, provides };
}

function vipBadge({ name, ip, members, frontends }: Vip): VipBadge {
  const byPriority = [...members].sort((a, b) => b.priority - a.priority);
  return {
    name,
    ip: ip.toString(),
    members: byPriority.map(({ node }) => node.name),
    frontends: frontends.map(({ port, backends, backendPort }) => ({
      port,
      backends: backends.name,
      backendPort,
    })),
  };
}
