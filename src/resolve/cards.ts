import type { Network, Nic, Node } from './cluster.ts';

/** Whether a card is the node's primary one, with its own address and its default route. */
export function isPrimaryCard({ nics }: Pick<Node, 'nics'>, nic: Nic): boolean {
  return nic === nics[0];
}

export function hasCardIn({ nics }: Pick<Node, 'nics'>, network: Network): boolean {
  return nics.some((nic) => nic.network === network);
}
