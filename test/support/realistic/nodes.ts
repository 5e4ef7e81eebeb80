import fc from 'fast-check';
import type { Model, Node } from '../../../src/validate/model.ts';
import { bridgesWith } from '../round-trip/by-hand.ts';
import { addressIn, hex } from './addresses.ts';
import { words } from './schema-words.ts';
import type { Site } from './site.ts';

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

export const arbitraryNode = fc.record({
  network: fc.nat(),
  range: fc.nat(5),
  second: fc.option(fc.nat(), { freq: 3 }),
  isSecondPrimary: fc.boolean(),
  host: fc.nat(),
  role: fc.constantFrom(...ROLES),
  extraRole: fc.option(fc.constantFrom('etcd', 'monitoring'), { freq: 6 }),
  os: fc.option(fc.constantFrom(...words<NonNullable<Node['os']>>('node', 'os'))),
  hasMac: fc.boolean(),
  hasSecondMac: fc.boolean(),
  interface: fc.option(fc.constantFrom('eth0', 'ens3', 'enp1s0'), { freq: 4 }),
  user: fc.option(fc.constantFrom('ops', 'core'), { freq: 4 }),
  isAliased: fc.boolean(),
  provides: fc.constantFrom([], [], [], ['dns'], ['ntp'], ['dns', 'ntp']) as fc.Arbitrary<('dns' | 'ntp')[]>,
});
export type NodeShape = typeof arbitraryNode extends fc.Arbitrary<infer T> ? T : never;

export function nodeName({ role }: NodeShape, index: number): string {
  return `${role}${index + 2}`;
}

/** Where nodes are. */
export type Places = Site & Pick<Model, 'networks'>;

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
export function cardsOf(
  [first = '', second]: readonly string[],
  { networks }: Places,
  last: number,
  seed: Partial<Pick<NodeShape, 'range' | 'hasMac' | 'hasSecondMac' | 'interface' | 'isSecondPrimary'>> = {},
): Pick<Node, 'network' | 'ip' | 'mac' | 'interface' | 'nics' | 'primary'> {
  const card = (name: string, mac: string | undefined) => ({
    network: name,
    ip: addressIn(networks[name], last, seed.range),
    ...(mac === undefined ? {} : { mac }),
  });
  const one = card(first, seed.hasMac === true ? `52:54:00:aa:00:${hex(last)}` : undefined);
  if (second === undefined)
    return {
      ...one,
      ...(seed.interface == null ? {} : { interface: seed.interface }),
    };
  const other = card(second, seed.hasSecondMac === true ? `52:54:00:ab:00:${hex(last)}` : undefined);
  return { nics: { eth0: one, eth1: other }, ...(seed.isSecondPrimary === true ? { primary: 'eth1' } : {}) };
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
export function hostIfAsked(networks: readonly string[], at: Places, number: number): { on?: string } {
  const hosts = hostsWith(networks, at);
  return hosts.length > 1 ? { on: hosts[number % hosts.length] ?? '' } : {};
}
