import fc from 'fast-check';
import type { Flow, Model, Network, Node, Verification, Vip } from '../../src/validate/model.ts';
import { schema } from '../tools/editor/schema-places.ts';

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
  role: fc.constantFrom(...ROLES),
  extraRole: fc.option(fc.constantFrom('etcd', 'monitoring'), { freq: 6 }),
  os: fc.option(fc.constantFrom(...SYSTEMS)),
  hasMac: fc.boolean(),
  interface: fc.option(fc.constantFrom('eth0', 'ens3', 'enp1s0'), { freq: 4 }),
  user: fc.option(fc.constantFrom('ops', 'core'), { freq: 4 }),
  isAliased: fc.boolean(),
  provides: fc.constantFrom([], [], [], ['dns'], ['ntp'], ['dns', 'ntp']) as fc.Arbitrary<('dns' | 'ntp')[]>,
});
export type NodeShape = typeof node extends fc.Arbitrary<infer T> ? T : never;

const network = fc.record({
  mode: fc.constantFrom(...MODES),
  bridge: fc.nat(),
  prefix: fc.constantFrom(24, 24, 23, 22),
  router: fc.constantFrom('none', 'short', 'long'),
  hasDhcp: fc.boolean(),
  hasMac: fc.boolean(),
  hasDns: fc.boolean(),
  hasLabels: fc.boolean(),
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
  hypervisor: fc.record({
    os: fc.option(fc.constantFrom(...HOST_SYSTEMS)),
    user: fc.option(fc.constant('ops')),
    hasDns: fc.boolean(),
  }),
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
    { keepalived: { advertInterval: 0.5, fall: 4 } },
    {
      keepalived: { vrrpVersion: 2, authPass: 'vault_vrrp' },
      haproxy: { checkInterval: '700ms', maxConnections: 9000 },
    },
  ),
});
type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never;

/** Models of clusters that people have, all valid: one LAN, up to five networks behind it, up to thirty nodes. */
export const realisticModel: fc.Arbitrary<Model> = shape.map(modelOf);
/** What edits of a model are made of. */
export const parts = { node, network, flow };

function modelOf(seed: Shape): Model {
  const networks = networksOf(seed);
  const names = Object.keys(networks);
  const nodes: Record<string, Node> = {
    master1: {
      role: 'master',
      network: names.at(-1) ?? 'lan',
      ip: addressIn(networks, names.length - 1, 10),
    },
  };
  for (const [index, each] of seed.nodes.entries())
    nodes[nodeName(each, index)] = nodeOf(each, { networks, index });
  const vips = Object.fromEntries(seed.vips.map((each, index) => vipOf(each, { networks, nodes, index })));
  const { distribution, cni, hasRanges } = seed;
  const ranges = hasRanges ? { podCidr: '10.32.0.0/16', serviceCidr: '10.112.0.0/12' } : {};
  const model: Model = {
    schemaVersion: 1,
    name: seed.name,
    domain: seed.domain,
    kubernetes:
      cni === null && !hasRanges
        ? distribution
        : { distribution, ...(cni === null ? {} : { cni }), ...ranges },
    ...(seed.controller === null ? {} : { controller: seed.controller }),
    hypervisors: { kvm1: hypervisorOf(seed) },
    networks,
    nodes,
    vips: vips as Model['vips'],
    ...(seed.loadBalancing === undefined ? {} : { loadBalancing: seed.loadBalancing }),
  };
  const flows = seed.flows.map((each) => flowOf(each, model));
  return { ...model, firewall: { flows }, verify: seed.verify.map((each) => verificationOf(each, model)) };
}

function hypervisorOf({ hypervisor: { os, user, hasDns }, bridges }: Shape) {
  const made = bridges.map(({ isOvs, hasUplink }, index) => [
    `br${index}`,
    {
      ...(isOvs && os !== 'debian12' ? { kind: 'openvswitch' as const } : {}),
      ...(hasUplink || index === 0 ? { uplink: `enp${index + 4}s0` } : {}),
      ...(index === 0 ? { ip: '192.168.0.40' } : {}),
    },
  ]);
  return {
    ...(os === null ? {} : { os }),
    ...(user === null ? {} : { user }),
    ...(hasDns ? { dns: ['192.168.0.1', '192.168.0.2'] } : {}),
    bridges: Object.fromEntries(made),
  };
}

function networksOf({ networks, bridges }: Shape): Record<string, Network> {
  const lan: Network = {
    cidr: '192.168.0.0/24',
    mode: 'bridge',
    bridge: 'br0',
    foreignDhcp: '192.168.0.100-192.168.0.199',
  };
  const others = networks.map(
    (each, index) => [`net_${index + 1}`, networkOf(each, index + 1, bridges.length)] as const,
  );
  return { lan, ...Object.fromEntries(others) };
}

/** The network of a number: 10.17.4.0 is that of the first, 10.17.8.0 that of the second. */
export function networkOf(seed: NetworkShape, number: number, bridges: number): Network {
  const base = `10.17.${number * 4}`;
  const isBridge = seed.mode === 'bridge';
  const [router, dhcp] = [`${base}.1`, `${base}.100-${base}.199`];
  return {
    cidr: `${base}.0/${seed.prefix}`,
    mode: seed.mode,
    bridge: isBridge ? `br${seed.bridge % bridges}` : `virbr_${number}`,
    ...(seed.router === 'short' ? { router: `${base}.${isBridge ? 1 : 2}` } : {}),
    ...(seed.router === 'long'
      ? {
          router:
            isBridge && seed.hasMac
              ? { ip: router, owner: 'outside' as const, returnRoute: seed.hasDns }
              : { ip: router },
        }
      : {}),
    ...(seed.hasDhcp ? (isBridge ? { foreignDhcp: dhcp } : { dhcp }) : {}),
    ...(seed.hasMac && !isBridge ? { mac: `52:54:00:17:${hex(number)}:01` } : {}),
    ...(seed.hasDns ? { dns: ['192.168.0.1', '9.9.9.9'] } : {}),
    ...(seed.hasLabels ? { terraform: { dir: `nat_network_${number}`, resource: `label_${number}` } } : {}),
  } as Network;
}

export function nodeName({ role }: NodeShape, index: number): string {
  return `${role}${index + 2}`;
}

/** A node at the address that its number gives. */
export function nodeOf(
  seed: NodeShape,
  { networks, index }: { readonly networks: Readonly<Record<string, Network>>; readonly index: number },
): Node {
  const at = seed.network % Object.keys(networks).length;
  return {
    role: seed.extraRole === null ? seed.role : [seed.role, seed.extraRole],
    network: Object.keys(networks)[at] ?? 'lan',
    ip: addressIn(networks, at, index + 11),
    ...(seed.os === null ? {} : { os: seed.os }),
    ...(seed.hasMac ? { mac: `52:54:00:aa:00:${hex(index)}` } : {}),
    ...(seed.interface === null ? {} : { interface: seed.interface }),
    ...(seed.user === null ? {} : { user: seed.user }),
    ...(seed.isAliased ? { aliases: [`old-${seed.role}-${index}`, `vm_${index}`] } : {}),
    ...(seed.provides.length > 0 ? { provides: seed.provides } : {}),
  };
}

function addressIn(networks: Readonly<Record<string, Network>>, at: number, last: number): string {
  const cidr = Object.values(networks)[at]?.cidr ?? '';
  return cidr.replace(/\.\d+\/\d+$/, `.${last}`);
}

type VipShape = Shape['vips'][number];

/** A virtual IP with members of its own; the first is the API's. */
function vipOf(
  seed: VipShape,
  {
    networks,
    nodes,
    index,
  }: { networks: Record<string, Network>; nodes: Record<string, Node>; index: number },
): [string, Vip] {
  const at = seed.network % Object.keys(networks).length;
  const members = Array.from({ length: seed.members }, (_, member) => `lb-${index}-${member}`);
  for (const [member, name] of members.entries())
    nodes[name] = {
      role: 'load-balancer',
      network: Object.keys(networks)[at] ?? 'lan',
      ip: addressIn(networks, at, 70 + index * 4 + member),
    };
  const hasRole = Object.values(nodes).some(({ role }) => [role].flat().includes(seed.role));
  const backends = { role: hasRole ? seed.role : 'master' };
  const frontends = seed.frontends.map((name) => [
    name,
    { port: PORTS[name] ?? 80, backends: { ...backends, port: 30_000 + (PORTS[name] ?? 0) } },
  ]);
  const own = {
    ip: addressIn(networks, at, 200 + index),
    members,
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
