import type { Path } from '../diagnostics/diagnostic.ts';
import type { Rule } from '../firewall/ruleset.ts';
import type { Ipv4 } from '../net/ipv4.ts';
import type { Network } from '../resolve/cluster.ts';
import type { Card, Machine } from './machines.ts';

/** The first thing that keeps a packet from its way, and where the model says so. */
export interface Stop {
  readonly message: string;
  readonly at: Path;
}

export function refusedBy(name: string, rule: Rule | undefined): Stop {
  if (rule !== undefined && 'verbatim' in rule)
    return { message: `a rule of your own refuses it on ${name}`, at: [...rule.origin, 'rule'] };
  const comment = rule?.comment ?? '';
  return {
    message: `the firewall of ${name} refuses it: ${comment || 'part of no connection'}`,
    at: ['firewall'],
  };
}

export function noRoute({ name, kind, origin }: Machine, ip: Ipv4, entered?: Card): Stop {
  if (kind !== 'outside') return { message: `${name} has no route to ${ip}`, at: origin };
  if (entered === undefined) return { message: `nothing outside knows a way to ${ip}`, at: origin };
  const { network } = entered;
  return {
    message: `the router of "${network.name}" has no route to ${ip}`,
    at: [...network.origin, 'router'],
  };
}

export function noRouter({ name, origin }: Machine, ip: Ipv4): Stop {
  return { message: `${name} gets a packet for ${ip} and passes nothing on`, at: origin };
}

export function nobody({ network }: Card, ip: Ipv4, isRouter: boolean): Stop {
  return isRouter
    ? { message: `nobody on "${network.name}" has ${ip}, the next hop`, at: [...network.origin, 'router'] }
    : { message: `nobody on "${network.name}" has ${ip}`, at: [...network.origin, 'cidr'] };
}

export function refusedByMode({ name, mode, origin }: Network, host: string): Stop {
  return {
    message: `libvirt's rules for "${name}" (${mode}) refuse it on ${host}`,
    at: [...origin, 'mode'],
  };
}

export function notSeen({ name, origin }: Machine): Stop {
  return {
    message: `the answer does not come by ${name}, which then drops what follows as part of no connection`,
    at: origin,
  };
}

export function inCircles({ origin }: Machine, ip: Ipv4): Stop {
  return { message: `packets to ${ip} go in a circle`, at: origin };
}
