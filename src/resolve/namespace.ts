import { type Finding, formatPath, type Path } from '../diagnostics/diagnostic.ts';
import { didYouMean, suggest } from '../diagnostics/suggest.ts';
import type { Model } from '../validate/model.ts';

export type NameKind = 'node' | 'role' | 'network' | 'VIP' | 'hypervisor' | 'word';

interface Named {
  readonly kind: NameKind;
  readonly at: Path;
}

/** Names that mean the same in every model. */
export const WORDS: Readonly<Record<string, string>> = {
  nodes: 'all nodes',
  kubernetes: 'all Kubernetes nodes',
  internet: 'everything outside the networks',
  hypervisors: 'the group of the hypervisors',
  vip_members: 'the group of the VIP members',
  all: "Ansible's group of everything",
  ungrouped: "Ansible's group of the rest",
};

/** Those of them that stand for machines or addresses. */
const PLACES: readonly string[] = ['nodes', 'kubernetes', 'internet'];

/** The one namespace that nodes, roles, networks, VIPs and hypervisors share. */
export class Namespace {
  readonly findings: Finding[] = [];
  readonly #names = new Map<string, Named>();

  constructor(model: Model) {
    for (const word of Object.keys(WORDS)) this.#names.set(word, { kind: 'word', at: [] });
    for (const name of Object.keys(model.hypervisors)) this.#add(name, 'hypervisor', ['hypervisors', name]);
    for (const name of Object.keys(model.networks)) this.#add(name, 'network', ['networks', name]);
    for (const name of Object.keys(model.nodes)) this.#add(name, 'node', ['nodes', name]);
    for (const name of Object.keys(model.vips)) this.#add(name, 'VIP', ['vips', name]);
    for (const [name, at] of rolesOf(model)) this.#add(name, 'role', at);
  }

  kindOf(name: string): NameKind | undefined {
    return this.#names.get(name)?.kind;
  }

  /** What a reference to a name that is not of these kinds has wrong. */
  unknown(name: string, kinds: readonly NameKind[], at: Path): Finding {
    const known = this.#names.get(name);
    const candidates = [...this.#names]
      .filter(([word, { kind }]) => kinds.includes(kind) && (kind !== 'word' || PLACES.includes(word)))
      .map(([candidate]) => candidate);
    const wanted = kinds
      .filter((kind) => kind !== 'word')
      .join(', ')
      .replace(/, ([^,]*)$/, ' or $1');
    return {
      rule: 'unknown-name',
      at,
      message:
        known === undefined
          ? `there is no ${wanted} "${name}"`
          : `"${name}" is ${WORDS[name] ?? `a ${known.kind}`}; a ${wanted} belongs here`,
      help: didYouMean(name, candidates, `known: ${candidates.slice(0, 20).join(', ') || 'none'}`),
      ...this.#namedLike(known === undefined ? suggest(name, candidates) : name),
    };
  }

  /** Where a name stands: it can be the one that is misspelt. */
  #namedLike(name = ''): Pick<Finding, 'related'> {
    const { at = [] } = this.#names.get(name) ?? {};
    return at.length === 0 ? {} : { related: [{ at, message: `"${name}" is here` }] };
  }

  #add(name: string, kind: NameKind, at: Path): void {
    const known = this.#names.get(name);
    if (known === undefined) {
      this.#names.set(name, { kind, at });
      return;
    }
    const meaning =
      known.kind === 'word' ? `always means ${WORDS[name]}` : `is also the name of a ${known.kind}`;
    this.findings.push({
      rule: 'duplicate-name',
      at,
      part: kind === 'role' ? 'value' : 'key',
      message: `the ${kind} "${name}" ${meaning}; nodes, roles, networks, VIPs and hypervisors share one set of names`,
      ...(known.kind === 'word'
        ? {}
        : { related: [{ at: known.at, message: `${formatPath(known.at)} stands here` }] }),
      help: 'give it another name',
    });
  }
}

/** Each role and where it is first said. */
export function rolesOf(model: Model): Map<string, Path> {
  const roles = new Map<string, Path>();
  for (const [node, { role }] of Object.entries(model.nodes)) {
    const said: [string, Path][] =
      typeof role === 'string'
        ? [[role, ['nodes', node, 'role']]]
        : role.map((name, index) => [name, ['nodes', node, 'role', index]]);
    for (const [name, at] of said) if (!roles.has(name)) roles.set(name, at);
  }
  return roles;
}
