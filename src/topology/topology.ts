import type { Way } from './way.ts';

/** What a drawing of a cluster shows, as plain texts and lists: the same for every form of drawing. */
export interface Topology {
  readonly name: string;
  /** What holds for the cluster as a whole. */
  readonly facts: readonly string[];
  readonly hosts: readonly Host[];
  /** What the firewalls let pass between networks. */
  readonly crossings: readonly Crossing[];
  /** The way of one connection, to be shown instead. */
  readonly way?: Way;
}

/** A hypervisor with its bridges: those that lead outside come last. */
export interface Host {
  readonly name: string;
  readonly facts: readonly string[];
  readonly segments: readonly Segment[];
}

/** A bridge, or a VLAN of it, and what is on it: a broadcast domain, or the part of one that is on this hypervisor. */
export interface Segment {
  readonly bridge: string;
  /** Bridges of other hypervisors that are one LAN with it. */
  readonly joined: readonly string[];
  readonly kind: string;
  readonly uplink: string | undefined;
  /** The hypervisor's own address there. */
  readonly ip: string | undefined;
  readonly networks: readonly NetworkBox[];
  readonly mark?: Mark;
}

export interface NetworkBox {
  /** The network's name, and on all of its hypervisors but the first theirs, too. */
  readonly id: string;
  readonly name: string;
  readonly cidr: string;
  readonly router: {
    readonly ip: string;
    readonly isOutside: boolean;
    /** `host`, or the name of another hypervisor; empty where it is outside. */
    readonly owner: string;
    readonly returnRoute: boolean;
    readonly mark?: Mark;
  };
  readonly dhcp: string | undefined;
  readonly foreignDhcp: string | undefined;
  readonly groups: readonly NodeGroup[];
}

/** Nodes of one network that belong together: the members of VIPs, or the nodes of the same roles. */
export interface NodeGroup {
  readonly roles: string;
  readonly nodes: readonly NodeCard[];
  /** None, or those that are held by one of the nodes. */
  readonly vips: readonly VipBadge[];
}

export interface NodeCard {
  /** The node's name, and where it is not its primary card the network's, too. */
  readonly id: string;
  readonly name: string;
  readonly ip: string;
  readonly provides: readonly string[];
  readonly mark?: Mark;
}

/** Whether something is on the way that is shown, or stops it. */
export type Mark = 'way' | 'stop';

export interface VipBadge {
  readonly name: string;
  readonly ip: string;
  /** In the order of priority. */
  readonly members: readonly string[];
  readonly frontends: readonly Frontend[];
}

export interface Frontend {
  readonly port: number;
  readonly backends: string;
  readonly backendPort: number;
}

/** The lane of everything that is in no network; no network can have this name. */
export const OUTSIDE = 'internet';

/** Flows between the same networks. */
export interface Crossing {
  readonly from: readonly string[];
  readonly to: readonly string[];
  /** Whether each of `from`, which is `to` then, reaches each other one. */
  readonly isMutual: boolean;
  readonly flows: readonly FlowText[];
}

export interface FlowText {
  readonly ports: string;
  readonly text: string;
}

/** Whether something that is not in the model is on this bridge. */
export function leadsOutside({ uplink, networks }: Segment): boolean {
  return uplink !== undefined || networks.some(({ router }) => router.isOutside);
}

/** The networks and, last, the outside that crossings name, in the order in which the networks are drawn. */
export function lanesOf({ hosts, crossings }: Topology): string[] {
  const named = new Set(crossings.flatMap(({ from, to }) => [...from, ...to]));
  const networks = hosts.flatMap(({ segments }) => segments.flatMap((segment) => segment.networks));
  return [...new Set(networks.map(({ name }) => name)), OUTSIDE].filter((name) => named.has(name));
}
