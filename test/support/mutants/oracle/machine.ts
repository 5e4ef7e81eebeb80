import type { Cidr } from '../../../../src/net/cidr.ts';
import type { Ipv4 } from '../../../../src/net/ipv4.ts';
import type { NftTable } from './nft-table.ts';

/** A port of a machine in a broadcast domain. */
export interface Port {
  readonly name: string;
  readonly segment: string;
  readonly addresses: readonly { readonly ip: Ipv4; readonly cidr: Cidr }[];
  /** What libvirt's own rules for the bridge do, on a host. */
  readonly mode?: string;
  /** On a router outside: whether it has routes to what hypervisors route. */
  readonly knowsWay?: boolean;
}

export interface Route {
  readonly to: Cidr;
  readonly via: Ipv4;
  /** Whether the next hop is a neighbour though no address says so; then on the port of this name. */
  readonly onLink?: string;
}

export interface Machine {
  readonly name: string;
  readonly kind: 'node' | 'host' | 'outside';
  readonly ports: readonly Port[];
  readonly routes: readonly Route[];
  /** What it asks for names. */
  readonly dns: readonly Ipv4[];
  /** Whether a guest passes on what is not for it: the router of a network does. */
  readonly forwards?: boolean;
  readonly firewall?: NftTable;
}

export function owns({ ports }: Machine, ip: Ipv4): boolean {
  return ports.some(({ addresses }) => addresses.some((address) => address.ip.equals(ip)));
}
