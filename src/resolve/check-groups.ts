import type { Finding, Path } from '../diagnostics/diagnostic.ts';
import type { Parts } from './derive-flows.ts';
import { WORDS } from './namespace.ts';

/** The Ansible group of a name: group names have no hyphens. */
export function groupOf(name: string): string {
  return name.replaceAll('-', '_');
}

/** Groups come from roles and networks; two of one name, or one that is also a host, would be mixed up by Ansible. */
export function checkGroups({
  networks,
  roles,
  nodes,
  hypervisors,
}: Pick<Parts, 'networks' | 'roles' | 'nodes' | 'hypervisors'>): Finding[] {
  const taken = new Map<string, { at: Path; what: string }>();
  for (const host of [...nodes, ...hypervisors]) taken.set(host.name, { at: host.origin, what: 'a host' });
  const groups = [
    ...networks.map((network) => ({ ...network, group: groupOf(network.name), part: 'key' as const })),
    ...roles.map((role) => ({ ...role, part: 'value' as const })),
  ];
  return groups.flatMap(({ name, group, origin, part }): Finding[] => {
    const other = taken.get(group);
    // The same name twice is found by the namespace.
    const isOwnName =
      other === undefined || other.at.at(-1) === name || (group === name && Object.hasOwn(WORDS, group));
    taken.set(group, other ?? { at: origin, what: 'a group' });
    if (isOwnName) return [];
    return [
      {
        rule: 'duplicate-name',
        at: origin,
        part,
        message: `"${name}" becomes the Ansible group "${group}", which is ${other.what} already`,
        related: [{ at: other.at, message: 'from here' }],
        help: 'give it another name',
      },
    ];
  });
}
