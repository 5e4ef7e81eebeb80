import type { Network } from '../resolve/cluster.ts';
import { subnetOf } from '../resolve/subnets.ts';
import type { Card } from './machines.ts';
import type { Packet } from './packet.ts';

/** A packet that a hypervisor passes on. */
export interface Forwarded {
  readonly packet: Packet;
  readonly from: Card;
  readonly to: Card;
}

/**
 * The network whose rules of libvirt's refuse a packet. They are about the bridge that libvirt made, by mode: nat lets
 * its own addresses out and answers in, route its own addresses in and out, isolated nothing. What goes into a bridge is
 * decided before what comes out of one, and an accept there is the last word (libvirt, src/network/network_iptables.c
 * and network_nftables.c: the chains cross, input, output).
 */
export function refusedByLibvirt({ packet, from, to }: Forwarded): Network | undefined {
  if (from.network === to.network) return undefined;
  if (!hasNoRules(to.network)) return letsIn(to.network, packet) ? undefined : to.network;
  return hasNoRules(from.network) || letsOut(from.network, packet) ? undefined : from.network;
}

function letsOut(network: Network, { saddr }: Packet): boolean {
  return network.mode !== 'isolated' && subnetOf(network, saddr) !== undefined;
}

function letsIn(network: Network, { daddr, state }: Packet): boolean {
  const isOpen = network.mode === 'route' || (network.mode === 'nat' && state === 'established');
  return isOpen && subnetOf(network, daddr) !== undefined;
}

function hasNoRules({ mode }: Network): boolean {
  return mode === 'bridge' || mode === 'open';
}

/** Whether libvirt gives a packet the hypervisor's address: in nat mode what leaves a range, be it for another one of its network. */
export function isMasqueradedByLibvirt({ packet: { saddr, daddr }, from: { network } }: Forwarded): boolean {
  const range = subnetOf(network, saddr)?.cidr;
  return network.mode === 'nat' && range !== undefined && !range.contains(daddr);
}
