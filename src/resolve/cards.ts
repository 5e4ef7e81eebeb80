import type { Network, Nic, Node } from './cluster.ts';

/** The card with the node's own address and its default route. */
export function primaryCard(node: Node): Nic {
  return node.nics[0] ?? node;
}

export function isPrimaryCard(node: Node, nic: Nic): boolean {
  return nic === primaryCard(node);
}

export function hasCardIn({ nics }: Pick<Node, 'nics'>, network: Network): boolean {
  return nics.some((nic) => nic.network === network);
}
