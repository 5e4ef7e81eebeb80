import type { Path } from '../diagnostics/diagnostic.ts';
import type { Rule } from '../firewall/ruleset.ts';
import type { Ipv4 } from '../net/ipv4.ts';
import type { Cluster, Network } from '../resolve/cluster.ts';
import { ANYBODY, type Card, holdersOf, type Machine, machinesOf } from './machines.ts';
import type { Packet } from './packet.ts';

/** The first thing that keeps a packet from its way, and where the model says so. */
export interface Stop {
  readonly message: string;
  /** The message without what differs from packet to packet, where something does. */
  readonly gist?: string;
  readonly at: Path;
  readonly help?: string;
  /** For whoever does not go by the words; none where who is sent the packet is not there, or passes nothing on. */
  readonly cause?: Cause;
}

/** What it is that stops a packet. */
export type Cause =
  | { readonly by: 'libvirt'; readonly network: Network }
  | { readonly by: 'firewall'; readonly rule: Rule | undefined }
  /** The machine knows no way; of the routers outside it is that of the network. */
  | { readonly by: 'routes'; readonly machine: Machine; readonly network: Network | undefined }
  /** Who passed on the question sees no answer to it. */
  | { readonly by: 'detour' };

/** What is one thing for all packets that it stops. */
export function gistOf({ message, gist = message }: Stop): string {
  return gist;
}

/** What a firewall refuses, and the network that it does not get into. */
export interface Refusal {
  readonly machine: Machine;
  readonly rule: Rule | undefined;
  readonly network: Network;
  /** How to have it pass, where no flow lets it. */
  readonly help: string | undefined;
}

export function refusedBy({ machine: { name }, rule, network, help }: Refusal): Stop {
  const cause: Cause = { by: 'firewall', rule };
  if (rule !== undefined && 'verbatim' in rule)
    return { message: `a rule of your own refuses it on ${name}`, at: [...rule.origin, 'rule'], cause };
  const comment = rule?.comment ?? '';
  // Only the rule at the end, which refuses what none before it has let pass, asks for nothing.
  const isLast = rule?.matches.length === 0;
  return {
    message: `the firewall of ${name} refuses it: ${comment || 'part of no connection'}`,
    at: [...network.origin, 'mode'],
    cause,
    ...(isLast && help !== undefined ? { help } : {}),
  };
}

/** The flow that lets a packet pass; it needs one without ports to ping. */
export function helpToOpen(cluster: Cluster, { saddr, daddr, protocol, port }: Packet): string {
  const ends = `from: ${wordFor(cluster, saddr)}, to: ${wordFor(cluster, daddr)}`;
  if (port === undefined) return `open it under \`firewall.flows\`, with all else: \`{ ${ends} }\``;
  const ports = protocol === 'udp' ? `${port}/udp` : port;
  return `open it under \`firewall.flows\`: \`{ ${ends}, ports: [${ports}] }\``;
}

/** What a flow calls an address. */
export function wordFor(cluster: Cluster, ip: Ipv4): string {
  const named =
    cluster.vips.find((vip) => vip.ip.equals(ip)) ??
    holdersOf(machinesOf(cluster), ip).find(({ kind }) => kind !== 'outside');
  return named?.name ?? (ip.equals(ANYBODY) ? 'internet' : ip.toString());
}

export function noRoute(machine: Machine, ip: Ipv4, entered?: Card): Stop {
  const { name, kind, origin } = machine;
  const cause: Cause = { by: 'routes', machine, network: entered?.network };
  if (kind !== 'outside')
    return { message: `${name} has no route to ${ip}`, gist: 'it has no route there', at: origin, cause };
  if (entered === undefined)
    return {
      message: `nothing outside knows a way to ${ip}`,
      gist: 'nothing outside knows a way there',
      at: origin,
      cause,
      help: 'say `returnRoute: true` of the router outside that knows the way',
    };
  const { name: network, origin: at, router } = entered.network;
  return {
    message: `the router of "${network}" has no route to ${ip}`,
    gist: `the router of "${network}" has no route there`,
    at: [...at, 'router'],
    cause,
    ...(router.returnRoute ? {} : { help: `say \`returnRoute: true\` if ${router.ip} knows the way` }),
  };
}

export function noRouter({ name, origin }: Machine, ip: Ipv4): Stop {
  return {
    message: `${name} gets a packet for ${ip} and passes nothing on`,
    gist: `${name} gets packets for others and passes nothing on`,
    at: origin,
  };
}

export function nobody({ network }: Card, ip: Ipv4, isRouter: boolean): Stop {
  return isRouter
    ? { message: `nobody on "${network.name}" has ${ip}, the next hop`, at: [...network.origin, 'router'] }
    : {
        message: `nobody on "${network.name}" has ${ip}`,
        gist: `nobody on "${network.name}" has the address`,
        at: [...network.origin, 'cidr'],
      };
}

export function toEverybody({ network, cidr }: Card, ip: Ipv4): Stop {
  return { message: `${ip} is the broadcast address of ${cidr}`, at: [...network.origin, 'cidr'] };
}

export function refusedByMode(network: Network, host: string): Stop {
  const { name, mode, origin } = network;
  return {
    message: `libvirt's rules for "${name}" (${mode}) refuse it on ${host}`,
    at: [...origin, 'mode'],
    cause: { by: 'libvirt', network },
  };
}

export function notSeen({ name, origin }: Machine): Stop {
  return {
    message: `the answer does not come by ${name}, which then drops what follows as part of no connection`,
    at: origin,
    cause: { by: 'detour' },
  };
}

export function notTheAsker({ name, origin }: Machine, ip: Ipv4): Stop {
  return { message: `the answer goes to ${name}, which has ${ip}, too`, at: origin };
}

export function inCircles({ origin }: Machine, ip: Ipv4): Stop {
  return { message: `packets to ${ip} go in a circle`, gist: 'packets go in a circle', at: origin };
}
