import type { Path } from '../diagnostics/diagnostic.ts';
import type { Ipv4 } from '../net/ipv4.ts';
import type { Cluster, Flow, Place, Probe, Verification } from '../resolve/cluster.ts';
import { nameOf } from '../resolve/name-of.ts';
import { oncePerCluster } from '../resolve/once-per-cluster.ts';
import { machinesOf as machinesAt, nodesAt } from '../resolve/resolve-places.ts';
import { type Machine, machineOf } from './machines.ts';
import type { Packet } from './packet.ts';

/** What a connection is opened to, or a ping is sent to. */
export interface Target {
  readonly name: string;
  readonly ip: Ipv4;
}

/** What is asked of a target; a ping has no port. */
export interface Service {
  readonly protocol: Packet['protocol'];
  readonly port: number | undefined;
}

export interface Asked extends Service {
  readonly target: Target;
}

/** Connections that have to work: from each of some machines to each of some targets. */
export interface Need extends Service {
  readonly from: readonly Machine[];
  readonly to: readonly Target[];
  /** What it is for, in the words of the ruleset; nobody says why something is verified. */
  readonly purpose: string | undefined;
  /** Where the model says so, if anywhere. */
  readonly at: Path | undefined;
  /** The same text where targets stand for one another: one of the servers that provide names will do. */
  readonly instead?: string;
}

/** What verify_connectivity.yml tries. */
export const verifiedNeeds = oncePerCluster((cluster): Need[] =>
  cluster.verifications.map((verification) => ({
    ...serviceOf(verification.probe),
    from: askersOf(cluster, verification),
    to: targetsAt(verification.to),
    purpose: undefined,
    at: verification.origin,
    ...insteadOf(verification),
  })),
);

/**
 * What the cluster lives on, whether anything tries it or not: Kubernetes' own ports, its datastore, SSH. Names and time
 * are left to what is verified, which knows the nodes that cannot reach whoever provides them.
 */
const derivedNeeds = oncePerCluster((cluster): Need[] =>
  cluster.flows.flatMap((flow) => (flow.neededAt?.at(-1) === 'provides' ? [] : neededBy(cluster, flow))),
);

/** A model that says whom it asks wants an answer of each of them. */
function insteadOf({ from, to, probe, origin }: Verification): Pick<Need, 'instead'> {
  if (origin !== undefined || to.kind !== 'node') return {};
  return { instead: [nameOf(from), ...Object.values(probe)].join(' ') };
}

export function needsOf(cluster: Cluster): Need[] {
  return [...verifiedNeeds(cluster), ...derivedNeeds(cluster)];
}

function neededBy(cluster: Cluster, { from, to, ports, reason, neededAt }: Flow): Need[] {
  if (neededAt === undefined) return [];
  const ends = {
    from: from.flatMap((place) => whoOpensFrom(cluster, place)),
    to: to.flatMap(targetsAt),
  };
  return ports.map(({ protocol, first }) => ({
    ...ends,
    protocol,
    port: first,
    purpose: reason,
    at: neededAt,
  }));
}

/** Each machine of a network opens connections by its primary card; what ways a machine outside of the model has, nobody says. */
function whoOpensFrom(cluster: Cluster, place: Place): Machine[] {
  if (place.kind === 'hypervisor') return byNames(cluster, [place.hypervisor]);
  if (place.kind !== 'network') return byNames(cluster, nodesAt(cluster, place));
  return byNames(
    cluster,
    cluster.nodes.filter(({ network }) => network === place.network),
  );
}

function askersOf(cluster: Cluster, { from, except }: Verification): Machine[] {
  if (from.kind === 'hypervisor') return byNames(cluster, [from.hypervisor]);
  return byNames(
    cluster,
    nodesAt(cluster, from).filter((node) => !except.includes(node)),
  );
}

function byNames(cluster: Cluster, named: readonly { readonly name: string }[]): Machine[] {
  return named.flatMap(({ name }) => machineOf(cluster, name) ?? []);
}

/** Each machine that a place stands for. */
export function targetsAt(place: Place): Target[] {
  return machinesAt(place).flatMap((one): Target[] => {
    if (one.kind === 'node') return [one.node];
    if (one.kind === 'vip') return [one.vip];
    if (one.kind === 'hypervisor') return [one.hypervisor];
    return one.kind === 'address' ? [{ name: nameOf(one), ip: one.cidr.network }] : [];
  });
}

export function serviceOf(probe: Probe): Service {
  return probe.kind === 'ping'
    ? { protocol: 'icmp', port: undefined }
    : { protocol: 'tcp', port: probe.port };
}
