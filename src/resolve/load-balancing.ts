import type { Entity } from './cluster.ts';

export interface Keepalived {
  readonly vrrpVersion: 2 | 3;
  /** Seconds. */
  readonly advertInterval: number;
  /** Seconds. */
  readonly checkInterval: number;
  readonly fall: number;
  readonly rise: number;
  readonly transport: 'unicast' | 'multicast';
  readonly preempt: boolean;
  /** The name of the vault variable with the password. */
  readonly authPass: string | undefined;
}

export interface Haproxy {
  readonly connectTimeout: string;
  readonly idleTimeout: string;
  readonly tunnelTimeout: string;
  readonly checkInterval: string;
  readonly checkTimeout: string;
  readonly fall: number;
  readonly rise: number;
  readonly maxConnections: number;
  /** The statistics page, on the load balancer's own address. */
  readonly stats: Stats | undefined;
  /** What people say word for word; it stands at the end. */
  readonly sections: readonly HaproxySection[];
}

/** A section of haproxy.cfg: `listen`, its name, and the lines below. */
export interface HaproxySection extends Entity {
  readonly kind: string;
  readonly lines: readonly string[];
}

export interface Stats {
  readonly port: number;
  readonly user: string;
  /** The name of the vault variable with the password. */
  readonly password: string;
}
