import type { Finding } from '../diagnostics/diagnostic.ts';
import type { Model, Node as SaidNode } from '../validate/model.ts';
import { bridgeOn } from './addressing.ts';
import type { Hypervisor, Network, Nic, Node, Role } from './cluster.ts';
import { compareNames } from './compare-names.ts';
import { entries } from './entries.ts';
import { type Namespace, rolesOf } from './namespace.ts';
import { OPERATING_SYSTEMS } from './operating-system.ts';
import { resolveNics } from './resolve-nics.ts';

/** What nodes are resolved with. */
interface Known {
  readonly networks: readonly Network[];
  readonly hypervisors: readonly Hypervisor[];
  readonly names: Namespace;
}

/** The nodes of a model on its networks, in the order of names. */
export function resolveNodes(model: Model, known: Known): { nodes: Node[]; findings: Finding[] } {
  const findings: Finding[] = [];
  const nodes = entries(model.nodes).flatMap(([name, said]): Node[] => {
    const { nics, ...nicFindings } = resolveNics(name, said, known);
    findings.push(...nicFindings.findings);
    const [primary] = nics;
    if (primary === undefined) return [];
    const host = hostOf(name, said, { ...known, nics });
    if ('rule' in host) {
      // Which one has all networks cannot be said before each of them is known, and where it is.
      const isKnown =
        nicFindings.findings.length === 0 && nics.every(({ network }) => network.bridges.length > 0);
      if (isKnown) findings.push(host);
      return [];
    }
    return [{ ...primary, ...resolveNode(name, said), nics, hypervisor: host }];
  });
  return { nodes, findings };
}

function resolveNode(name: string, said: SaidNode) {
  const os = said.os ?? 'rocky9';
  return {
    name,
    origin: ['nodes', name],
    roles: [said.role].flat().sort(compareNames),
    os,
    user: said.user ?? OPERATING_SYSTEMS[os].user,
    aliases: [...(said.aliases ?? [])].sort(compareNames),
    provides: [...(said.provides ?? [])].sort(),
  };
}

/** The hypervisor that runs a node: the one that is said, or the only one that has all of its networks. */
function hostOf(
  name: string,
  { on }: SaidNode,
  { nics, hypervisors, names }: Known & { readonly nics: readonly Nic[] },
): Hypervisor | Finding {
  const at = ['nodes', name];
  // A network without bridges is found wrong already.
  const placed = nics.filter(({ network }) => network.bridges.length > 0);
  const able = hypervisors.filter((hypervisor) =>
    placed.every(({ network }) => bridgeOn(network, hypervisor) !== undefined),
  );
  const [only, second] = placed.length === 0 ? hypervisors.slice(0, 1) : able;
  const host =
    on === undefined && second === undefined ? only : able.find((candidate) => candidate.name === on);
  if (host !== undefined) return host;
  if (on !== undefined && names.kindOf(on) !== 'hypervisor')
    return names.unknown(on, ['hypervisor'], [...at, 'on']);
  const known = able.map((hypervisor) => hypervisor.name);
  const networks = nics.map(({ network }) => network.name).join(' and ');
  const related = nics.map(({ network: { name: network, bridges }, origin }) => ({
    at: [...origin, 'network'],
    message: `"${network}" is on ${bridges.map(({ hypervisor }) => hypervisor.name).join(' and ')}`,
  }));
  if (on !== undefined || only === undefined) {
    return {
      rule: 'wrong-value',
      at: on === undefined ? at : [...at, 'on'],
      part: on === undefined ? 'key' : 'value',
      message: `${on === undefined ? 'no hypervisor has' : `"${on}" has not`} all networks of "${name}": ${networks}`,
      related,
      help:
        known.length === 0
          ? 'put its networks on one hypervisor, or join bridges under `segments`'
          : `say \`on: ${known.join('` or `on: ')}\``,
    };
  }
  return {
    rule: 'missing-key',
    at,
    part: 'key',
    message: `"${name}" could run on ${known.join(' or ')}: each has its network ${networks}`,
    related,
    help: 'say which with `on`',
  };
}

/** The roles that nodes have, in the order of names. */
export function resolveRoles(model: Model, nodes: readonly Node[]): Role[] {
  return [...rolesOf(model)]
    .map(([name, origin]) => ({
      name,
      origin,
      group: GROUPS.get(name) ?? name.replaceAll('-', '_'),
      nodes: nodes.filter((node) => node.roles.includes(name)),
    }))
    .sort((a, b) => compareNames(a.name, b.name));
}

/** The groups that playbooks for these roles have by custom; any other role's group has the role's own name. */
const GROUPS: ReadonlyMap<string, string> = new Map([
  ['master', 'masters'],
  ['worker', 'workers'],
  ['load-balancer', 'load_balancers'],
]);

/** Roles whose nodes run a kubelet. */
const KUBERNETES_ROLES: readonly string[] = ['master', 'worker', 'storage'];

export function isKubernetesNode({ roles }: Pick<Node, 'roles'>): boolean {
  return roles.some((role) => KUBERNETES_ROLES.includes(role));
}
