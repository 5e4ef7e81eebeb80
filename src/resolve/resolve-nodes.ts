import type { Finding } from '../diagnostics/diagnostic.ts';
import { Ipv4 } from '../net/ipv4.ts';
import { Mac } from '../net/mac.ts';
import type { Model, Node as SaidNode } from '../validate/model.ts';
import type { Network, Node, Role } from './cluster.ts';
import { compareNames } from './compare-names.ts';
import { entries } from './entries.ts';
import { type Namespace, rolesOf } from './namespace.ts';
import { OPERATING_SYSTEMS } from './operating-system.ts';

/** The nodes of a model on its networks, in the order of names. */
export function resolveNodes(
  model: Model,
  networks: readonly Network[],
  names: Namespace,
): { nodes: Node[]; findings: Finding[] } {
  const findings: Finding[] = [];
  const nodes = entries(model.nodes).flatMap(([name, said]): Node[] => {
    const origin = ['nodes', name];
    const network = networks.find((candidate) => candidate.name === said.network);
    if (network === undefined) {
      findings.push(names.unknown(said.network, ['network'], [...origin, 'network']));
      return [];
    }
    const node = resolveNode(name, said, network);
    if (!network.cidr.contains(node.ip)) findings.push(outside(node));
    return [node];
  });
  return { nodes, findings };
}

function resolveNode(name: string, said: SaidNode, network: Network): Node {
  const os = said.os ?? 'rocky9';
  return {
    name,
    origin: ['nodes', name],
    roles: [said.role].flat().sort(compareNames),
    network,
    ip: Ipv4.of(said.ip),
    mac: said.mac === undefined ? undefined : Mac.of(said.mac),
    addressing: said.mac !== undefined && network.dhcp !== undefined ? 'reserved' : 'static',
    interface: said.interface,
    os,
    user: said.user ?? OPERATING_SYSTEMS[os].user,
    aliases: [...(said.aliases ?? [])].sort(compareNames),
    provides: [...(said.provides ?? [])].sort(),
  };
}

/** The roles that nodes have, in the order of names. */
export function resolveRoles(model: Model, nodes: readonly Node[]): Role[] {
  return [...rolesOf(model)]
    .map(([name, origin]) => ({
      name,
      origin,
      group: GROUPS[name] ?? name.replaceAll('-', '_'),
      nodes: nodes.filter((node) => node.roles.includes(name)),
    }))
    .sort((a, b) => compareNames(a.name, b.name));
}

/** The groups that playbooks for these roles have by custom; any other role's group has the role's own name. */
const GROUPS: Readonly<Record<string, string>> = {
  master: 'masters',
  worker: 'workers',
  'load-balancer': 'load_balancers',
};

/** Roles whose nodes run a kubelet. */
const KUBERNETES_ROLES: readonly string[] = ['master', 'worker', 'storage'];

export function isKubernetesNode(node: Node): boolean {
  return node.roles.some((role) => KUBERNETES_ROLES.includes(role));
}

function outside(node: Node): Finding {
  return {
    rule: 'address-outside-network',
    at: [...node.origin, 'ip'],
    message: `${node.ip} is not in "${node.network.name}" (${node.network.cidr})`,
    related: [{ at: [...node.network.origin, 'cidr'], message: 'the network is here' }],
    help: `addresses there: ${node.network.cidr.firstHost} and up`,
  };
}
