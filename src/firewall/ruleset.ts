import type { Path } from '../diagnostics/diagnostic.ts';
import type { AddressRange } from '../net/address-range.ts';
import type { Cidr } from '../net/cidr.ts';
import type { Ipv4 } from '../net/ipv4.ts';
import type { PortRange } from '../net/port-range.ts';

/** An nftables table as data: what is rendered, and what a packet can be traced through. */
export interface Ruleset {
  /** The table's name, in the family inet. */
  readonly table: string;
  readonly sets: readonly NamedSet[];
  readonly chains: readonly Chain[];
}

/** A named set. nft refuses a set without elements, so each has at least one. */
export interface NamedSet {
  readonly name: string;
  readonly comment: string;
  readonly elements: readonly Element[];
}

export type Address = Ipv4 | Cidr | AddressRange;

/** An address, or an interface name, with what it is. */
export interface Element {
  readonly value: Address | string;
  readonly comment: string;
}

export interface Chain {
  readonly name: string;
  /** Base chains only: where packets enter. Every base chain accepts what no rule decides. */
  readonly hook?: { readonly type: 'filter' | 'nat'; readonly at: 'input' | 'forward' | 'postrouting' };
  readonly rules: readonly Rule[];
}

export type Rule = DecidingRule | VerbatimRule;

/** A rule of the model's, word for word: what it does nobody here knows. */
export interface VerbatimRule {
  readonly verbatim: string;
  readonly comment: string;
  readonly origin: Path;
}

/** A rule that says what it matches: all of its matches have to hold. */
export interface DecidingRule {
  readonly matches: readonly Match[];
  readonly verdict: Verdict;
  readonly counter?: boolean;
  /** Packets per second above which the rule does not match. */
  readonly limit?: number;
  readonly comment: string;
  /** The flow of the model that the rule comes from. */
  readonly origin?: Path;
}

export type Match =
  | {
      readonly on: 'interface';
      readonly key: 'iifname' | 'oifname';
      readonly not?: boolean;
      readonly value: string | SetRef;
    }
  | {
      readonly on: 'address';
      readonly key: 'saddr' | 'daddr';
      readonly not?: boolean;
      readonly value: readonly Address[] | SetRef;
    }
  | { readonly on: 'ports'; readonly ports: readonly PortRange[] }
  | { readonly on: 'state'; readonly states: readonly ('established' | 'related' | 'invalid')[] }
  | { readonly on: 'echo-request' }
  /** Broadcast and multicast on the link. */
  | { readonly on: 'group-addressed' };

/** A named set of the same table. */
export interface SetRef {
  readonly set: string;
}

export type Verdict =
  | 'accept'
  | 'drop'
  /** Refuse with ICMP "administratively prohibited". */
  | 'reject'
  | 'return'
  | 'masquerade'
  /** Write to the kernel's log, at most five lines a minute, and go on. */
  | { readonly log: string }
  | { readonly goto: string };
