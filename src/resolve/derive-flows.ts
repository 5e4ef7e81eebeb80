import { Cidr } from '../net/cidr.ts';
import type { Ipv4 } from '../net/ipv4.ts';
import { PortRange } from '../net/port-range.ts';
import { dnsServersOf, providersOf, routedNetworks } from './addressing.ts';
import type { Cluster, Flow, Network, Place, Role } from './cluster.ts';
import { kubernetesFlows } from './kubernetes-ports.ts';
import { letsOpen } from './modes.ts';
import { builtInPlace } from './resolve-places.ts';
import { subnetOf } from './subnets.ts';

/** What a cluster is made of before its flows are known. */
export type Parts = Pick<
  Cluster,
  'kubernetes' | 'controller' | 'hypervisors' | 'segments' | 'networks' | 'roles' | 'nodes' | 'vips'
>;

const SSH = [PortRange.of(22)];
const ETCD_PEERS = [PortRange.of(2380)];
const SERVICES = {
  dns: { ports: [PortRange.of(53), PortRange.of('53/udp')], reason: 'DNS' },
  ntp: { ports: [PortRange.of('123/udp')], reason: 'time' },
} as const;

/** What a cluster of these parts needs: nothing here has to be said in a model. */
export function deriveFlows(parts: Parts): Flow[] {
  return [
    ...controllerFlows(parts),
    ...vipFlows(parts),
    ...clusterFlows(parts),
    ...datastoreFlows(parts),
    ...serviceFlows(parts),
    ...dnsFlows(parts),
    ...egressFlows(parts),
  ];
}

function controllerFlows({ controller, hypervisors, nodes }: Parts): Flow[] {
  const machines = [
    builtInPlace(nodes, 'nodes'),
    ...hypervisors.map((hypervisor): Place => ({ kind: 'hypervisor', hypervisor })),
  ];
  return [
    derived([controller], machines, {
      ...{ ports: SSH, reason: 'SSH from the controller', neededAt: ['controller'] },
    }),
  ];
}

/** Members reach the backends, and Kubernetes nodes reach the API at its VIP. */
function vipFlows({ vips, nodes }: Parts): Flow[] {
  return vips.flatMap((vip) => {
    const members = vip.members.map(({ node }): Place => ({ kind: 'node', node }));
    return vip.frontends.flatMap((frontend) => {
      const toBackends = derived(members, [rolePlace(frontend.backends)], {
        ports: [PortRange.of(frontend.backendPort)],
        reason: `${vip.name} to its backends`,
        neededAt: [...frontend.origin, 'backends', 'role'],
      });
      if (frontend.check !== 'readyz') return [toBackends];
      const toVip = derived([builtInPlace(nodes, 'kubernetes')], [{ kind: 'vip', vip }], {
        ports: [PortRange.of(frontend.port)],
        reason: 'Kubernetes API at its VIP',
        neededAt: [...vip.origin, 'ip'],
      });
      return [toBackends, toVip];
    });
  });
}

function clusterFlows({ kubernetes, roles, nodes }: Parts): Flow[] {
  const [master] = masterPlaces(roles);
  if (master === undefined) return [];
  const ends = { master, kubernetes: builtInPlace(nodes, 'kubernetes') };
  return kubernetesFlows(kubernetes).map(({ from, to, ports, reason, isOptional }) =>
    derived([ends[from]], [ends[to]], { ports, reason, ...(isOptional ? {} : { neededAt: ['kubernetes'] }) }),
  );
}

/** Masters reach an external datastore, and the members of an etcd each other. */
function datastoreFlows({ kubernetes: { datastore }, roles }: Parts): Flow[] {
  if (datastore === undefined) return [];
  const { at, port, engine } = datastore;
  const neededAt = ['kubernetes', 'datastore', 'at'];
  const toDatastore = { ports: [PortRange.of(port)], reason: 'datastore of Kubernetes', neededAt };
  const peers = derived(at, at, { ports: ETCD_PEERS, reason: 'etcd among its members', neededAt });
  return [derived(masterPlaces(roles), at, toDatastore), ...(engine === 'etcd' ? [peers] : [])];
}

/** The role of the masters, if there are any. */
export function masterPlaces(roles: readonly Role[]): Place[] {
  return roles.filter((role) => role.name === 'master').map(rolePlace);
}

function serviceFlows({ nodes }: Parts): Flow[] {
  return (['dns', 'ntp'] as const).flatMap((service) => {
    const [first, ...others] = providersOf(nodes, service);
    if (first === undefined) return [];
    const to = [first, ...others].map((node): Place => ({ kind: 'node', node }));
    const what = { ...SERVICES[service], neededAt: [...first.origin, 'provides'] };
    return [derived([builtInPlace(nodes, 'nodes')], to, what)];
  });
}

/** Guests reach DNS servers that are no nodes, on other networks of the model; those outside of it are egress. */
function dnsFlows({ networks, nodes }: Parts): Flow[] {
  const asked = [
    ...networks.map((network) => ({
      from: { kind: 'network', network } as const,
      to: serversBeyond(network, network.dns),
      neededAt: [...network.origin, 'dns'],
    })),
    ...providersOf(nodes, 'dns').map((node) => ({
      from: { kind: 'node', node } as const,
      to: serversBeyond(node.network, dnsServersOf(node)),
      neededAt: [...node.network.origin, 'dns'],
    })),
  ];
  return asked
    .filter(({ to }) => to.length > 0)
    .map(({ from, to, neededAt }) => derived([from], to, { ...SERVICES.dns, neededAt }));

  function serversBeyond(network: Network, servers: readonly Ipv4[]): Place[] {
    return servers
      .filter(
        (server) =>
          subnetOf(network, server) === undefined && networks.some((other) => subnetOf(other, server)),
      )
      .filter((server) => !nodes.some(({ ip }) => ip.equals(server)))
      .map((server) => ({ kind: 'address', cidr: Cidr.around(server, 32), origin: undefined }));
  }
}

/** Guests behind the hypervisor reach what is outside: images, packages, time. */
function egressFlows({ networks }: Parts): Flow[] {
  const inside = routedNetworks({ networks }).filter((network) => letsOpen(network, undefined));
  if (inside.length === 0) return [];
  const from = inside.map((network): Place => ({ kind: 'network', network }));
  return [derived(from, [{ kind: 'internet' }], { ports: [], reason: 'egress' })];
}

function derived(
  from: readonly Place[],
  to: readonly Place[],
  what: Pick<Flow, 'ports' | 'reason' | 'neededAt'>,
): Flow {
  return { from, to, ...what, origin: undefined };
}

function rolePlace(role: Role): Place {
  return { kind: 'role', role };
}
