import fc from 'fast-check';
import type { Node, Vip } from '../../../src/validate/model.ts';
import { addressIn } from './addresses.ts';
import { cardsOf, hostIfAsked, type Places } from './nodes.ts';

export const arbitraryVip = fc.record({
  network: fc.nat(),
  range: fc.nat(5),
  members: fc.integer({ min: 1, max: 3 }),
  isMap: fc.boolean(),
  hasVrid: fc.boolean(),
  frontends: fc.uniqueArray(fc.constantFrom('http', 'https', 'metrics'), { maxLength: 3 }),
  role: fc.constantFrom('master', 'worker', 'load-balancer'),
});
type VipShape = typeof arbitraryVip extends fc.Arbitrary<infer T> ? T : never;

/** A virtual IP with members of its own, on one hypervisor after the other; the first is the API's. */
export function vipOf(
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
      ...cardsOf([home], at, 70 + index * 4 + member, seed),
    };
  const hasRole = Object.values(nodes).some(({ role }) => [role].flat().includes(seed.role));
  const backends = { role: hasRole ? seed.role : 'master' };
  const frontends = seed.frontends.map((name) => [
    name,
    { port: PORTS[name] ?? 80, backends: { ...backends, port: 30_000 + (PORTS[name] ?? 0) } },
  ]);
  const own = {
    ip: addressIn(at.networks[home], 200 + index, seed.range),
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
