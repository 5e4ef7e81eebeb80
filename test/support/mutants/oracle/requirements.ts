import { formatPath } from '../../../../src/diagnostics/diagnostic.ts';
import type { Ipv4 } from '../../../../src/net/ipv4.ts';
import type { Cluster, Flow, Place, Probe } from '../../../../src/resolve/cluster.ts';
import { nameOf } from '../../../../src/resolve/name-of.ts';
import type { Attempt } from './connect.ts';

/** Something that has to work: each of the attempts, or of what a flow permits one. */
export interface Requirement {
  /** The same for the same thing in another form of the model. */
  readonly key: string;
  readonly needs: 'all' | 'one';
  readonly attempts: readonly (Omit<Attempt, 'from'> & { readonly from: string })[];
}

type Protocol = Attempt['protocol'];

/** What leaves for the rest of the world is nothing that a cluster needs without saying so. */
export function requirementsOf(cluster: Cluster): Requirement[] {
  return [
    ...cluster.flows.flatMap((flow) => requirementsOfFlow(cluster, flow)),
    ...cluster.verifications
      .filter(({ origin }) => origin?.[0] === 'verify')
      .map(({ from, to, probe }) => requirement(cluster, { from, to, ...portOf(probe), needs: 'all' })),
    ...cluster.nodes.map(({ name, network }): Requirement => ({
      key: `${name} to its router`,
      needs: 'all',
      attempts: [{ from: name, to: network.router.ip, protocol: 'icmp', port: 0 }],
    })),
  ].filter(({ attempts }) => attempts.length > 0);
}

/** What the cluster needs stands between all of its machines; what people permit has to be of use to somebody. */
function requirementsOfFlow(cluster: Cluster, { from, to, ports, origin, reason }: Flow): Requirement[] {
  // Whom a guest asks is in its own files.
  if (origin === undefined && ['DNS', 'time'].includes(reason)) return [];
  if (origin === undefined && reason === 'SSH from the controller')
    return from.flatMap((source) => byJump(cluster, source));
  const needs = origin === undefined ? 'all' : 'one';
  const tried =
    ports.length === 0
      ? [{ protocol: 'icmp' as Protocol, port: 0 }]
      : ports.map(({ protocol, first: port }) => ({ protocol, port }));
  return from.flatMap((source, first) =>
    to.flatMap((target, second) =>
      tried.map((one) => {
        const required = requirement(cluster, { from: source, to: target, ...one, needs });
        return origin === undefined
          ? required
          : { ...required, key: `${formatPath(origin)} ${first} ${second} ${one.port}` };
      }),
    ),
  );
}

/** Into a network that libvirt closes Ansible goes by its hypervisor, as a jump host of SSH. */
function byJump(cluster: Cluster, controller: Place): Requirement[] {
  const from = sourcesIn(cluster, controller);
  const ssh = { protocol: 'tcp', port: 22 } as const;
  const hosts = cluster.hypervisors.map(({ name, ip }) => ({ name, ip, ways: from }));
  const nodes = cluster.nodes.map(({ name, ip, hypervisor }) => ({
    name,
    ip,
    ways: [...from, hypervisor.name],
  }));
  return [...hosts, ...nodes].map(({ name, ip, ways }) => ({
    key: `SSH to ${name}`,
    needs: 'one',
    attempts: ways.map((way) => ({ from: way, to: ip, ...ssh })),
  }));
}

interface Said {
  readonly from: Place;
  readonly to: Place;
  readonly protocol: Protocol;
  readonly port: number;
  readonly needs: Requirement['needs'];
}

function requirement(cluster: Cluster, { from, to, protocol, port, needs }: Said): Requirement {
  const attempts = sourcesIn(cluster, from).flatMap((source) =>
    targetsIn(cluster, to).map((target) => ({ from: source, to: target, protocol, port })),
  );
  return { key: `${nameOf(from)} to ${nameOf(to)} ${protocol} ${port}`, needs, attempts };
}

function portOf(probe: Probe): { readonly protocol: Protocol; readonly port: number } {
  return probe.kind === 'ping' ? { protocol: 'icmp', port: 0 } : { protocol: 'tcp', port: probe.port };
}

function sourcesIn({ nodes }: Cluster, place: Place): string[] {
  switch (place.kind) {
    case 'role':
      return place.role.nodes.map(({ name }) => name);
    case 'network':
      return nodes
        .filter(({ nics }) => nics.some(({ network }) => network === place.network))
        .map(({ name }) => name);
    case 'vip':
      return place.vip.members.map(({ node }) => node.name);
    case 'address':
      return place.cidr.isAddress ? [place.cidr.network.toString()] : [];
    case 'internet':
      return [];
    default:
      return [nameOf(place)];
  }
}

function targetsIn({ nodes }: Cluster, place: Place): Ipv4[] {
  switch (place.kind) {
    case 'node':
      return [place.node.ip];
    case 'role':
      return place.role.nodes.map(({ ip }) => ip);
    case 'network':
      return nodes.flatMap(({ nics }) =>
        nics.filter(({ network }) => network === place.network).map(({ ip }) => ip),
      );
    case 'vip':
      return [place.vip.ip];
    case 'hypervisor':
      return [place.hypervisor.ip];
    case 'address':
      return place.cidr.isAddress ? [place.cidr.network] : [];
    case 'internet':
      return [];
  }
}
