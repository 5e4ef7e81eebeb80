import type { Ipv4 } from '../net/ipv4.ts';

/** A packet on its way, and what the connection tracking of a firewall that it comes by calls it. */
export interface Packet {
  readonly saddr: Ipv4;
  readonly daddr: Ipv4;
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  /** The port that is asked; none of a ping, and of an answer. */
  readonly port: number | undefined;
  readonly state: 'new' | 'established' | 'invalid';
}
