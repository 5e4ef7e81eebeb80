import type { Network } from './cluster.ts';

/** A network, resolved or as it is said. */
interface Moded {
  readonly mode: Network['mode'];
  readonly vlan?: number | undefined;
}

/**
 * Whether libvirt's own rules let connections open from one network to another one; undefined stands for the outside.
 * What they refuse no table of ours can accept (libvirt, src/network/network_iptables.c and network_nftables.c).
 */
export function letsOpen(from: Moded | undefined, to: Moded | undefined): boolean {
  return from?.mode !== 'isolated' && to?.mode !== 'isolated' && to?.mode !== 'nat';
}

/** Whether a network is on a host's bridge as it is: there, and in none of its VLANs, the bridge has its addresses. */
export function isUntagged({ mode, vlan }: Moded): boolean {
  return mode === 'bridge' && vlan === undefined;
}
