import { hasCardIn } from './cards.ts';
import type { Node, Verification } from './cluster.ts';
import { nameOf } from './name-of.ts';

/**
 * The verifications without those that others make, too: the same probe of the same target, from the same machines or
 * more.
 */
export function distinctVerifications(
  verifications: readonly Verification[],
  nodes: readonly Node[],
): Verification[] {
  const kept = new Map<string, { readonly verification: Verification; readonly sources: Set<string> }[]>();
  for (const verification of verifications) {
    const what = whatIsTried(verification);
    const sources = sourcesOf(verification, nodes);
    const others = kept.get(what) ?? [];
    if (others.some((other) => isSubset(sources, other.sources))) continue;
    const rest = others.filter((other) => !isSubset(other.sources, sources));
    kept.set(what, [...rest, { verification, sources }]);
  }
  const distinct = new Set([...kept.values()].flat().map(({ verification }) => verification));
  return verifications.filter((verification) => distinct.has(verification));
}

function whatIsTried({ to, probe }: Verification): string {
  return [nameOf(to), probe.kind, 'port' in probe ? probe.port : ''].join(' ');
}

/** The machines that try a connection. */
function sourcesOf({ from, except }: Verification, nodes: readonly Node[]): Set<string> {
  const names = (machines: readonly Node[]) =>
    new Set(machines.filter((node) => !except.includes(node)).map(({ name }) => name));
  if (from.kind === 'role') return names(from.role.nodes);
  if (from.kind === 'network') return names(nodes.filter((node) => hasCardIn(node, from.network)));
  return new Set([nameOf(from)]);
}

function isSubset(some: ReadonlySet<string>, all: ReadonlySet<string>): boolean {
  return [...some].every((name) => all.has(name));
}
