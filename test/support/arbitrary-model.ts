import fc from 'fast-check';
import type { Model, Network, Node, Vip } from '../../src/validate/model.ts';

const TAILS = ['', '-a', '-with-a-name-of-middle-length', `-${'w'.repeat(50)}`];
const COMMENTS = ['', 'web & <db>', `${'a long reason '.repeat(7)}`.trim(), '日本語 🎉'];
const ROLES = ['worker', 'storage', 'database', 'infra', 'ingress', 'very-long-role-name-of-somebody'];

/** Half of the networks share a bridge of the host's. */
const MODES: readonly Network['mode'][] = [
  ...(['open', 'route', 'nat', 'isolated'] as const),
  ...(['bridge', 'bridge', 'bridge', 'bridge'] as const),
];

const shape = fc.record({
  tail: fc.constantFrom(...TAILS),
  bridges: fc.array(fc.record({ hasUplink: fc.boolean(), isOvs: fc.boolean() }), {
    minLength: 1,
    maxLength: 5,
  }),
  networks: fc.array(
    fc.record({
      mode: fc.constantFrom(...MODES),
      vlan: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
      bridge: fc.nat(),
      isOutside: fc.boolean(),
      hasDhcp: fc.boolean(),
      tail: fc.constantFrom(...TAILS),
    }),
    { minLength: 1, maxLength: 12 },
  ),
  nodes: fc.array(
    fc.record({
      network: fc.nat(),
      roles: fc.uniqueArray(fc.constantFrom(...ROLES), { minLength: 1, maxLength: 3 }),
      tail: fc.constantFrom(...TAILS),
      isDns: fc.boolean(),
    }),
    { minLength: 0, maxLength: 70 },
  ),
  vips: fc.array(
    fc.record({
      network: fc.nat(),
      members: fc.integer({ min: 1, max: 4 }),
      ports: fc.integer({ min: 1, max: 5 }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  flows: fc.array(
    fc.record({
      from: fc.nat(),
      to: fc.nat(),
      isWide: fc.boolean(),
      port: fc.integer({ min: 1, max: 65535 }),
      comment: fc.constantFrom(...COMMENTS),
    }),
    { maxLength: 25 },
  ),
});

type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never;

/** Models that are valid, of every form that a picture has to cope with. */
export const arbitraryModel: fc.Arbitrary<Model> = shape.map((seed) => {
  const networks = networksOf(seed);
  const names = Object.keys(networks);
  const vips = vipsOf(seed, names);
  return {
    schemaVersion: 1,
    name: `cluster${seed.tail}`,
    domain: 'kube.internal',
    kubernetes: 'k3s',
    hypervisors: {
      [`kvm1${seed.tail}`]: {
        ip: '192.168.0.40',
        bridges: Object.fromEntries(
          seed.bridges.map(({ hasUplink, isOvs }, index) => [
            `br${index}`,
            {
              kind: isOvs ? ('openvswitch' as const) : ('linux' as const),
              ...(hasUplink ? { uplink: `enp${index}s0f1` } : {}),
            },
          ]),
        ),
      },
    },
    networks,
    nodes: { ...nodesOf(seed, names), ...vips.nodes },
    vips: vips.vips,
    firewall: { flows: flowsOf(seed, names) },
  };
});

function networksOf({ networks, bridges }: Shape): Record<string, Network> {
  return Object.fromEntries(
    networks.map(({ mode, vlan, bridge, isOutside, hasDhcp, tail }, index) => {
      const prefix = `10.${index}.0`;
      const own = { mode, bridge: `virbr${index}` };
      const shared = {
        mode: 'bridge' as const,
        bridge: `br${bridge % bridges.length}`,
        ...(vlan !== undefined && bridges[bridge % bridges.length]?.isOvs ? { vlan } : {}),
        ...(isOutside
          ? { router: { ip: `${prefix}.1`, owner: 'outside' as const, returnRoute: hasDhcp } }
          : {}),
        ...(isOutside && hasDhcp ? { foreignDhcp: `${prefix}.100-${prefix}.199` } : {}),
      };
      const isOwn = mode !== 'bridge';
      const dhcp = isOwn && hasDhcp ? { dhcp: `${prefix}.200-${prefix}.250` } : {};
      return [`net${index}${tail}`, { cidr: `${prefix}.0/24`, ...(isOwn ? own : shared), ...dhcp }];
    }),
  );
}

function nodesOf({ nodes }: Shape, names: readonly string[]): Record<string, Node> {
  return Object.fromEntries(
    nodes.map(({ network, roles, tail, isDns }, index) => {
      const at = network % names.length;
      const node: Node = {
        role: roles,
        network: names[at] ?? '',
        ip: `10.${at}.0.${index + 20}`,
        ...(isDns ? { provides: ['dns'] } : {}),
      };
      return [`node${index}${tail}`, node];
    }),
  );
}

/** VIPs with members of their own; the first is `api`, and one master is there to answer. */
function vipsOf({ vips }: Shape, names: readonly string[]) {
  const nodes: Record<string, Node> = {
    master1: { role: 'master', network: names[0] ?? '', ip: '10.0.0.19' },
  };
  const made = vips.map(({ network, members, ports }, index): [string, Vip] => {
    const at = network % names.length;
    const holders = Array.from({ length: members }, (_, member) => `lb${index}-${member}`);
    for (const [member, name] of holders.entries()) {
      const ip = `10.${at}.0.${2 + index * 4 + (member % 4)}`;
      nodes[name] = { role: 'load-balancer', network: names[at] ?? '', ip };
    }
    const frontends = Array.from({ length: ports }, (_, port) => [
      `port${port}`,
      { port: 6443 + port, backends: { role: 'master', port: port === 0 ? 6443 : 30000 + port } },
    ]);
    const ip = `10.${at}.0.${15 + index}`;
    return [
      index === 0 ? 'api' : `vip${index}`,
      { ip, vrid: index + 1, members: holders, frontends: Object.fromEntries(frontends) },
    ];
  });
  return { nodes, vips: Object.fromEntries(made) as Model['vips'] };
}

function flowsOf({ flows }: Shape, names: readonly string[]) {
  const places = [...names, 'internet', 'nodes', 'api', '10.200.0.0/16', 'master'];
  return flows.map(({ from, to, isWide, port, comment }) => ({
    from: isWide ? [...names] : (places[from % places.length] ?? ''),
    to: isWide ? [...names] : (places[to % places.length] ?? ''),
    ...(port % 3 === 0 ? {} : { ports: [port] }),
    comment,
  }));
}
