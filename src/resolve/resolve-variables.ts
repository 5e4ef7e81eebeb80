import type { Finding, Path } from '../diagnostics/diagnostic.ts';
import type { Model, Variable } from '../validate/model.ts';
import { groupOf } from './check-groups.ts';
import type { Role, VariableSet } from './cluster.ts';
import { entries } from './entries.ts';
import type { Namespace } from './namespace.ts';
import { ownerOf } from './reserved-variables.ts';

const GROUPS: readonly string[] = ['all', 'nodes', 'kubernetes', 'hypervisors', 'vip_members'];

/** The variables that the model gives to groups and hosts, in the order of their names. */
export function resolveVariables(
  { variables = {} }: Model,
  { names, roles }: { readonly names: Namespace; readonly roles: readonly Role[] },
): { variables: VariableSet[]; findings: Finding[] } {
  const findings: Finding[] = [];
  const sets = entries(variables).flatMap(([name, values]): VariableSet[] => {
    const origin = ['variables', name];
    for (const [variable, value] of Object.entries(values)) {
      const at = [...origin, variable];
      const owner = ownerOf(variable);
      findings.push(...(owner === undefined ? wrongValues(value, at) : [taken(variable, owner, at)]));
    }
    const group = groupNamed(name);
    const isHost = ['node', 'hypervisor'].includes(names.kindOf(name) ?? '');
    if (group === undefined && !isHost) {
      const kinds = ['node', 'role', 'network', 'hypervisor'] as const;
      findings.push({ ...names.unknown(name, kinds, origin), part: 'key' });
      return [];
    }
    return [
      { ...(group === undefined ? { host: name } : { group }), values: new Map(entries(values)), origin },
    ];
  });
  return { variables: sets, findings };

  function groupNamed(name: string): string | undefined {
    if (GROUPS.includes(name)) return name;
    if (names.kindOf(name) === 'network') return groupOf(name);
    return roles.find((role) => role.name === name)?.group;
  }
}

function taken(variable: string, owner: string, at: Path): Finding {
  const message = `the variable "${variable}" is ${owner}`;
  return { rule: 'wrong-name', at, part: 'key', message, help: 'give it another name' };
}

/** What would not come back from Ansible as it is said. */
function wrongValues(value: Variable, at: Path): Finding[] {
  if (typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)) {
    const message = `${value} is a number that not every reader keeps`;
    return [{ rule: 'wrong-value', at, message, help: 'put it in quotes' }];
  }
  if (value === null || typeof value !== 'object') return [];
  const inner: [string | number, Variable][] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(value);
  return inner.flatMap(([key, item]) => wrongValues(item, [...at, key]));
}
