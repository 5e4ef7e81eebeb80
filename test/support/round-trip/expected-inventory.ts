import type { Model, Node } from '../../../src/validate/model.ts';
import { addressOfHost, cardsOf, groupOf, isKubernetes, membersOf, primaryOf, rolesOf } from './by-hand.ts';

/** Groups and how each host is reached. */
export function inventoryOf(model: Model) {
  const nodes = Object.entries(model.nodes);
  const named = (isIn: (node: Node, name: string) => boolean) =>
    nodes.filter(([name, node]) => isIn(node, name)).map(([name]) => name);
  const roles = [...new Set(nodes.flatMap(([, node]) => rolesOf(node)))];
  const members = Object.values(model.vips).flatMap((vip) => membersOf(vip).map(({ name }) => name));
  return {
    'all:vars': Object.entries(model.vips).map(([name, { ip }]) => `${name.replaceAll('-', '_')}_vip ${ip}`),
    hypervisors: Object.entries(model.hypervisors).map(
      ([name, hypervisor]) => `${name} ${addressOfHost(hypervisor)} ${hypervisor.user ?? ''}`,
    ),
    nodes: nodes.map(
      ([name, node]) => `${name} ${primaryOf(node).ip} ${node.user ?? (node.os === 'flatcar' ? 'core' : '')}`,
    ),
    vip_members: named((_, name) => members.includes(name)),
    kubernetes: named(isKubernetes),
    ...Object.fromEntries(
      roles.map((role) => [groupOf(role), named((node) => rolesOf(node).includes(role))]),
    ),
    ...Object.fromEntries(
      Object.keys(model.networks).map((name) => [
        name.replaceAll('-', '_'),
        named((node) => cardsOf(node).some(({ network }) => network === name)),
      ]),
    ),
  };
}
