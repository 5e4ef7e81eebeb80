import type { Finding, Path } from '../diagnostics/diagnostic.ts';
import type { Ipv4 } from '../net/ipv4.ts';
import type { Vip as SaidVip } from '../validate/model.ts';
import type { Member, Nic, Node } from './cluster.ts';
import { entries } from './entries.ts';
import type { Namespace } from './namespace.ts';
import { subnetOf } from './subnets.ts';

interface Known {
  readonly nodes: readonly Node[];
  readonly names: Namespace;
  /** The address that they hold. */
  readonly ip: Ipv4;
  readonly origin: Path;
}

interface SaidMember {
  readonly name: string;
  readonly priority: number;
  readonly at: Path;
}

/** The members of a virtual IP, the preferred one first. */
export function resolveMembers(
  said: SaidVip['members'],
  { nodes, names, ip, origin }: Known,
): { members: Member[]; findings: Finding[] } {
  const all = saidMembers(said, [...origin, 'members']);
  const findings = all.flatMap((member, index): Finding[] => {
    if (names.kindOf(member.name) !== 'node') return [unknown(member)];
    const equal = all.slice(0, index).find(({ priority }) => priority === member.priority);
    return equal === undefined ? [] : [equalPriorities(equal, member)];
  });
  const members = all.flatMap(({ name, priority }): Member[] => {
    const node = nodes.find((candidate) => candidate.name === name);
    return node === undefined
      ? []
      : [{ origin: [...origin, 'members', name], node, nic: cardFor(node, ip), priority }];
  });
  return { members: members.sort((a, b) => b.priority - a.priority), findings };

  function unknown({ name, at }: SaidMember): Finding {
    return { ...names.unknown(name, ['node'], at), part: Array.isArray(said) ? 'value' : 'key' };
  }
}

/** The card on the address's own network. Where there is none, that is found with the virtual IP. */
function cardFor({ nics, ...primary }: Node, ip: Ipv4): Nic {
  return nics.find(({ network }) => subnetOf(network, ip) !== undefined) ?? nics[0] ?? primary;
}

/** A list says the order by itself; in a map the order of keys means nothing. */
function saidMembers(said: SaidVip['members'], origin: Path): SaidMember[] {
  return Array.isArray(said)
    ? said.map((name, index) => ({ name, priority: 150 - 10 * index, at: [...origin, index] }))
    : entries(said).map(([name, priority]) => ({ name, priority, at: [...origin, name] }));
}

/** Of equal members both would hold the address until one hears the other. */
function equalPriorities(first: SaidMember, second: SaidMember): Finding {
  return {
    rule: 'wrong-value',
    at: second.at,
    message: `"${second.name}" has the priority of "${first.name}", ${first.priority}; each member needs one of its own`,
    related: [{ at: first.at, message: 'the other one is here' }],
    help: 'the member with the higher one is preferred',
  };
}
