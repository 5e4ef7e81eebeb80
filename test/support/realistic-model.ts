import fc from 'fast-check';
import type { Flow, Model, Network, Node, Verification, Vip } from '../../src/validate/model.ts';
import { schema } from '../tools/editor/schema-places.ts';
import { bridgesWith } from './round-trip/by-hand.ts';

/** The words that the schema knows at a place: what comes later is used by itself. */
function words<T extends string>(definition: string, key: string): T[] {
  return (schema.definitions?.[definition]?.properties?.[key]?.enum ?? []) as T[];
}

const MODES = words<Network['mode']>('network', 'mode');
const SYSTEMS = words<NonNullable<Node['os']>>('node', 'os');
const HOST_SYSTEMS = words<'debian12'>('hypervisor', 'os');
const CNIS = words<'calico'>('kubernetes', 'cni');
/** What nodes do, the more frequent more often. */
const ROLES = [
  'worker',
  'worker',
  'worker',
  'master',
  'storage',
  'infra',
  'database',
  'ingress',
  'load-balancer',
];

const node = fc.record({
  network: fc.nat(),
  second: fc.option(fc.nat(), { freq: 3 }),
  isSecondPrimary: fc.boolean(),
  host: fc.nat(),
  role: fc.constantFrom(...ROLES),
  extraRole: fc.option(fc.constantFrom('etcd', 'monitoring'), { freq: 6 }),
  os: fc.option(fc.constantFrom(...SYSTEMS)),
  hasMac: fc.boolean(),
  hasSecondMac: fc.boolean(),
  interface: fc.option(fc.constantFrom('eth0', 'ens3', 'enp1s0'), { freq: 4 }),
  user: fc.option(fc.constantFrom('ops', 'core'), { freq: 4 }),
  isAliased: fc.boolean(),
  provides: fc.constantFrom([], [], [], ['dns'], ['ntp'], ['dns', 'ntp']) as fc.Arbitrary<('dns' | 'ntp')[]>,
});
export type NodeShape = typeof node extends fc.Arbitrary<infer T> ? T : never;

const network = fc.record({
  mode: fc.constantFrom(...MODES),
  bridge: fc.nat(),
  host: fc.nat(),
  vlan: fc.option(fc.constantFrom(20, 30)),
  prefix: fc.constantFrom(24, 24, 23, 22),
  router: fc.constantFrom('none', 'short', 'long'),
  hasDhcp: fc.boolean(),
  hasMac: fc.boolean(),
  hasDns: fc.boolean(),
  hasLabels: fc.boolean(),
  hasDomain: fc.boolean(),
  hasPorts: fc.boolean(),
  hasUuid: fc.boolean(),
});
export type NetworkShape = typeof network extends fc.Arbitrary<infer T> ? T : never;

const flow = fc.record({
  from: fc.uniqueArray(fc.nat(40), { minLength: 1, maxLength: 2 }),
  to: fc.uniqueArray(fc.nat(40), { minLength: 1, maxLength: 2 }),
  ports: fc.uniqueArray(fc.constantFrom(443, 5432, '53/udp', '30000-32767', 8080, 9100), { maxLength: 3 }),
  comment: fc.option(fc.constantFrom('metrics', "the team's own kubectl", 'web & <db>', '日本語')),
});
export type FlowShape = typeof flow extends fc.Arbitrary<infer T> ? T : never;

const vip = fc.record({
  network: fc.nat(),
  members: fc.integer({ min: 1, max: 3 }),
  isMap: fc.boolean(),
  hasVrid: fc.boolean(),
  frontends: fc.uniqueArray(fc.constantFrom('http', 'https', 'metrics'), { maxLength: 3 }),
  role: fc.constantFrom('master', 'worker', 'load-balancer'),
});

const shape = fc.record({
  name: fc.constantFrom('home', 'flatcar-microcloud', 'k8s-prod2'),
  domain: fc.constantFrom('kube.internal', 'cluster.example.com', 'lan'),
  distribution: fc.constantFrom('k3s', 'rke2', 'kubeadm') as fc.Arbitrary<'k3s' | 'rke2' | 'kubeadm'>,
  cni: fc.option(fc.constantFrom(...CNIS)),
  hasRanges: fc.boolean(),
  controller: fc.option(fc.constantFrom('192.168.0.10', 'kvm1', 'master1')),
  datastore: fc.option(fc.constantFrom('postgres' as const, 'etcd' as const), { freq: 2 }),
  hypervisors: fc.array(
    fc.record({
      os: fc.option(fc.constantFrom(...HOST_SYSTEMS)),
      user: fc.option(fc.constant('ops')),
      hasDns: fc.boolean(),
      hasUri: fc.boolean(),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  provider: fc.constantFrom(undefined, '0.8.3' as const, '0.9.7' as const),
  /** Whether the second bridges are one segment, and a network of the hypervisors' own there. */
  isJoined: fc.boolean(),
  hasSan: fc.boolean(),
  bridges: fc.array(fc.record({ isOvs: fc.boolean(), hasUplink: fc.boolean() }), {
    minLength: 1,
    maxLength: 2,
  }),
  networks: fc.array(network, { maxLength: 5 }),
  nodes: fc.array(node, { maxLength: 26 }),
  vips: fc.array(vip, { minLength: 1, maxLength: 3 }),
  flows: fc.array(flow, { maxLength: 5 }),
  verify: fc.array(flow, { maxLength: 3 }),
  loadBalancing: fc.constantFrom<Model['loadBalancing']>(
    undefined,
    { keepalived: { advertInterval: 0.5, fall: 4, transport: 'multicast', preempt: true } },
    { haproxy: { stats: { password: 'vault_stats' } } },
    {
      keepalived: { vrrpVersion: 2, authPass: 'vault_vrrp' },
      haproxy: { checkInterval: '700ms', maxConnections: 9000 },
    },
  ),
});
type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never;

/** Models of clusters that people have, all valid: up to three hypervisors on one LAN, five networks, thirty nodes. */
export const realisticModel: fc.Arbitrary<Model> = shape.map(modelOf);
/** What edits of a model are made of. */
export const parts = { node, network, flow };

function modelOf(seed: Shape): Model {
  const site = siteOf(seed);
  const networks = networksOf(seed, site);
  const names = Object.keys(networks);
  const at = { ...site, networks };
  const home = names.at(-1) ?? 'lan';
  const nodes: Record<string, Node> = {
    master1: { role: 'master', ...cardsOf([home], at, 10), ...hostIfAsked([home], at, 0) },
  };
  for (const [index, each] of seed.nodes.entries()) nodes[nodeName(each, index)] = nodeOf(each, at, index);
  const vips = Object.fromEntries(seed.vips.map((each, index) => vipOf(each, { ...at, nodes, index })));
  const isAlone = Object.keys(site.hypervisors).length === 1;
  const controller = seed.controller ?? (isAlone ? undefined : 'kvm1');
  const model: Model = {
    schemaVersion: 1,
    name: seed.name,
    domain: seed.domain,
    kubernetes: kubernetesOf(seed),
    ...(controller === undefined ? {} : { controller }),
    ...site,
    networks,
    nodes,
    vips: vips as Model['vips'],
    ...(seed.loadBalancing === undefined ? {} : { loadBalancing: seed.loadBalancing }),
  };
  const flows = seed.flows.map((each) => flowOf(each, model));
  return { ...model, firewall: { flows }, verify: seed.verify.map((each) => verificationOf(each, model)) };
}

function kubernetesOf({ distribution, cni, hasRanges, datastore }: Shape): Model['kubernetes'] {
  const ranges = hasRanges ? { podCidr: '10.32.0.0/16', serviceCidr: '10.112.0.0/12' } : {};
  const engine = distribution === 'k3s' ? datastore : distribution === 'kubeadm' && datastore ? 'etcd' : null;
  if (cni === null && !hasRanges && engine === null) return distribution;
  return {
    distribution,
    ...(cni === null ? {} : { cni }),
    ...ranges,
    ...(engine === 'etcd' ? { datastore: { engine, at: ['10.200.0.5', '10.200.0.6'] } } : {}),
    ...(engine === 'postgres'
      ? { datastore: { engine, at: '10.200.0.5', password: 'vault_datastore' } }
      : {}),
  };
}

/** The hypervisors with their bridges, alike on all of them, and which of those are one LAN. */
type Site = Pick<Model, 'hypervisors' | 'segments'>;

function siteOf(seed: Shape): Site {
  const hosts = seed.hypervisors.map((_, index) => `kvm${index + 1}`);
  const made = seed.hypervisors.map(({ os, user, hasDns, hasUri }, index) => ({
    ...(os === null ? {} : { os }),
    ...(user === null ? {} : { user }),
    ...(hasDns ? { dns: ['192.168.0.1', '192.168.0.2'] } : {}),
    bridges: bridgesOf(seed, index),
    ...(seed.provider === undefined && !hasUri
      ? {}
      : {
          terraform: {
            ...(seed.provider === undefined ? {} : { provider: seed.provider }),
            ...(hasUri ? { uri: `qemu+ssh://virt@192.168.0.${40 + index}/system` } : {}),
          },
        }),
  }));
  const hypervisors = Object.fromEntries(hosts.map((host, index) => [host, made[index] ?? { bridges: {} }]));
  const joined = [['lan', 'br0'], ...(hasSan(seed) || seed.isJoined ? [['back', 'br1']] : [])];
  const segments = joined
    .slice(0, seed.bridges.length)
    .map(([name, bridge]) => [name, hosts.map((host) => `${host}.${bridge}`)]);
  return hosts.length === 1 ? { hypervisors } : { hypervisors, segments: Object.fromEntries(segments) };
}

function hasSan(seed: Shape): boolean {
  return seed.hasSan && seed.bridges.length > 1;
}

function bridgesOf(seed: Shape, host: number) {
  const addresses = [`192.168.0.${40 + host}`, ...(hasSan(seed) ? [`10.99.0.${1 + host}`] : [])];
  const made = seed.bridges.map(({ isOvs, hasUplink }, index) => [
    `br${index}`,
    {
      ...(isOvs ? { kind: 'openvswitch' as const } : {}),
      ...(hasUplink || index === 0 ? { uplink: `enp${index + 4}s0` } : {}),
      ...(addresses[index] === undefined ? {} : { ip: addresses[index] }),
    },
  ]);
  return Object.fromEntries(made);
}

function networksOf(seed: Shape, site: Site): Record<string, Network> {
  const lan: Network = {
    cidr: '192.168.0.0/24',
    mode: 'bridge',
    bridge: 'br0',
    foreignDhcp: '192.168.0.100-192.168.0.199',
  };
  const cable: Network = { cidr: '10.99.0.0/24', mode: 'bridge', bridge: 'br1' };
  const others = seed.networks.map(
    (each, index) => [`net_${index + 1}`, networkOf(each, index + 1, site)] as const,
  );
  return { lan, ...(hasSan(seed) ? { cable } : {}), ...Object.fromEntries(others) };
}

/** The network of a number: 10.17.4.0 is that of the first, 10.17.8.0 that of the second. */
export function networkOf(seed: NetworkShape, number: number, site: Site): Network {
  const base = `10.17.${number * 4}`;
  const dhcp = `${base}.100-${base}.199`;
  return {
    cidr: `${base}.0/${seed.prefix}`,
    mode: seed.mode,
    ...(seed.mode === 'bridge' ? bridgedOf(seed, number, site) : ownOf(seed, number, site)),
    ...(seed.hasDhcp ? (seed.mode === 'bridge' ? { foreignDhcp: dhcp } : { dhcp }) : {}),
    ...(seed.hasDns ? { dns: ['192.168.0.1', '9.9.9.9'] } : {}),
    ...(seed.hasDomain ? { domain: `net${number}.internal` } : {}),
    ...(seed.hasUuid && !hasProvider097(site)
      ? { uuid: `5d3c1f0e-8a0b-4c1e-9c53-2f1d7d2a9a${hex(number)}` }
      : {}),
    ...(seed.hasLabels ? { terraform: { dir: `nat_network_${number}`, resource: `label_${number}` } } : {}),
  };
}

function hasProvider097({ hypervisors }: Site): boolean {
  return Object.values(hypervisors).some(({ terraform }) => terraform?.provider === '0.9.7');
}

/** On a bridge of the hosts: with several hosts on it one of them is said to be the router, if none outside is. */
function bridgedOf(seed: NetworkShape, number: number, { hypervisors, segments = {} }: Site) {
  const ip = `10.17.${number * 4}.1`;
  const hosts = Object.keys(hypervisors);
  const host = hosts[seed.host % hosts.length] ?? '';
  const bridges = Object.entries(hypervisors[host]?.bridges ?? {});
  const [bridge, { kind }] = bridges[seed.bridge % bridges.length] ?? ['', {}];
  const isShared = Object.values(segments).flat().includes(`${host}.${bridge}`);
  const router =
    seed.router === 'long' && seed.hasMac
      ? { router: { ip, owner: 'outside', returnRoute: seed.hasDns } }
      : isShared
        ? { router: { ip, owner: host } }
        : routerOf(seed, ip);
  return {
    bridge,
    ...(hosts.length > 1 && !isShared ? { on: host } : {}),
    ...(seed.vlan !== null && kind === 'openvswitch' ? { vlan: seed.vlan } : {}),
    ...router,
  };
}

/** On a bridge that libvirt makes. */
function ownOf(seed: NetworkShape, number: number, { hypervisors }: Site) {
  const hosts = Object.keys(hypervisors);
  return {
    bridge: `virbr_${number}`,
    ...(hosts.length > 1 ? { on: hosts[seed.host % hosts.length] ?? '' } : {}),
    ...routerOf(seed, `10.17.${number * 4}.${seed.router === 'short' ? 2 : 1}`),
    ...(seed.hasMac ? { mac: `52:54:00:17:${hex(number)}:01` } : {}),
    ...(seed.mode === 'nat' && seed.hasPorts ? { nat: { ports: '20000-29999' } } : {}),
  };
}

function routerOf({ router }: NetworkShape, ip: string) {
  if (router === 'none') return {};
  return { router: router === 'short' ? ip : { ip } };
}

export function nodeName({ role }: NodeShape, index: number): string {
  return `${role}${index + 2}`;
}

/** Where nodes are. */
type Places = Site & Pick<Model, 'networks'>;

/** A node at the address that its number gives, in one network or two of one hypervisor. */
export function nodeOf(seed: NodeShape, at: Places, index: number): Node {
  const names = Object.keys(at.networks);
  const first = names[seed.network % names.length] ?? 'lan';
  const beside = names.filter((name) => name !== first && hostsWith([first, name], at).length > 0);
  const second = seed.second === null ? undefined : beside[seed.second % beside.length];
  const networks = second === undefined ? [first] : [first, second];
  return {
    role: seed.extraRole === null ? seed.role : [seed.role, seed.extraRole],
    ...hostIfAsked(networks, at, seed.host),
    ...cardsOf(networks, at, index + 11, seed),
    ...(seed.os === null ? {} : { os: seed.os }),
    ...(seed.user === null ? {} : { user: seed.user }),
    ...(seed.isAliased ? { aliases: [`old-${seed.role}-${index}`, `vm_${index}`] } : {}),
    ...(seed.provides.length > 0 ? { provides: seed.provides } : {}),
  };
}

/** The short form of one card, the long one of two. */
function cardsOf(
  [first = '', second]: readonly string[],
  { networks }: Places,
  last: number,
  seed?: Pick<NodeShape, 'hasMac' | 'hasSecondMac' | 'interface' | 'isSecondPrimary'>,
): Pick<Node, 'network' | 'ip' | 'mac' | 'interface' | 'nics' | 'primary'> {
  const card = (name: string, mac: string | undefined) => ({
    network: name,
    ip: addressIn(networks, name, last),
    ...(mac === undefined ? {} : { mac }),
  });
  const one = card(first, seed?.hasMac === true ? `52:54:00:aa:00:${hex(last)}` : undefined);
  if (second === undefined)
    return {
      ...one,
      ...(seed === undefined || seed.interface === null ? {} : { interface: seed.interface }),
    };
  const other = card(second, seed?.hasSecondMac === true ? `52:54:00:ab:00:${hex(last)}` : undefined);
  return { nics: { eth0: one, eth1: other }, ...(seed?.isSecondPrimary === true ? { primary: 'eth1' } : {}) };
}

/** The hypervisors that have all of these networks. */
function hostsWith(networks: readonly string[], at: Places): string[] {
  const model = at as Model;
  const [first = [], ...others] = networks.map((name) => {
    const network = at.networks[name];
    return network === undefined ? [] : bridgesWith(model, network).map(({ host }) => host);
  });
  return first.filter((host) => others.every((hosts) => hosts.includes(host)));
}

/** Which hypervisor a node runs on, where that is not clear. */
function hostIfAsked(networks: readonly string[], at: Places, number: number): { on?: string } {
  const hosts = hostsWith(networks, at);
  return hosts.length > 1 ? { on: hosts[number % hosts.length] ?? '' } : {};
}

function addressIn(networks: Readonly<Record<string, Network>>, name: string, last: number): string {
  const cidr = networks[name]?.cidr ?? '';
  return cidr.replace(/\.\d+\/\d+$/, `.${last}`);
}

type VipShape = Shape['vips'][number];

/** A virtual IP with members of its own, on one hypervisor after the other; the first is the API's. */
function vipOf(
  seed: VipShape,
  { nodes, index, ...at }: Places & { nodes: Record<string, Node>; index: number },
): [string, Vip] {
  const names = Object.keys(at.networks);
  const home = names[seed.network % names.length] ?? 'lan';
  const members = Array.from({ length: seed.members }, (_, member) => `lb-${index}-${member}`);
  for (const [member, name] of members.entries())
    nodes[name] = {
      role: 'load-balancer',
      ...hostIfAsked([home], at, member),
      ...cardsOf([home], at, 70 + index * 4 + member),
    };
  const hasRole = Object.values(nodes).some(({ role }) => [role].flat().includes(seed.role));
  const backends = { role: hasRole ? seed.role : 'master' };
  const frontends = seed.frontends.map((name) => [
    name,
    { port: PORTS[name] ?? 80, backends: { ...backends, port: 30_000 + (PORTS[name] ?? 0) } },
  ]);
  const own = {
    ip: addressIn(at.networks, home, 200 + index),
    members: seed.isMap
      ? Object.fromEntries(members.map((name, member) => [name, 100 + 40 * ((member + 1) % 3)]))
      : members,
    ...(seed.hasVrid ? { vrid: 101 + index } : {}),
  };
  const api = { port: 6443, backends: 'master' };
  if (frontends.length === 0)
    return [
      index === 0 ? 'api' : `vip-${index}`,
      { ...own, ...(index === 0 ? api : { port: 443, backends: backends.role }) },
    ];
  return index === 0
    ? ['api', { ...own, frontends: { api, ...Object.fromEntries(frontends) } }]
    : [`vip-${index}`, { ...own, frontends: Object.fromEntries(frontends) }];
}

const PORTS: Readonly<Record<string, number>> = { http: 80, https: 443, metrics: 9100 };

export function flowOf(seed: FlowShape, model: Model): Flow {
  const targets = machinesOf(model);
  const places = [...targets, ...Object.keys(model.networks), 'internet', '10.200.0.0/16'];
  return {
    ...ends(seed, places, places),
    ...(seed.ports.length > 0 ? { ports: seed.ports } : {}),
    ...(seed.comment === null ? {} : { comment: seed.comment }),
  };
}

function verificationOf(seed: FlowShape, model: Model): Verification {
  const nodes = Object.keys(model.nodes);
  const ports = seed.ports.filter((port) => typeof port === 'number');
  return {
    ...ends(seed, [...nodes, 'nodes', 'kubernetes', ...Object.keys(model.networks)], machinesOf(model)),
    ...(ports.length > 0 ? { ports } : {}),
  };
}

/** What can answer. */
function machinesOf({ nodes, vips }: Model): string[] {
  return [
    'master',
    'nodes',
    'kubernetes',
    'kvm1',
    '192.168.0.10',
    '8.8.8.8',
    ...Object.keys(vips),
    ...Object.keys(nodes),
  ];
}

function ends({ from, to }: FlowShape, sources: readonly string[], targets: readonly string[]) {
  const pick = (places: readonly string[], at: readonly number[]) => [
    ...new Set(at.map((each) => places[each % places.length] ?? '')),
  ];
  return { from: pick(sources, from), to: pick(targets, to) };
}

function hex(number: number): string {
  return number.toString(16).padStart(2, '0');
}
