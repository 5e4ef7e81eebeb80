import type { Path } from '../../../src/diagnostics/diagnostic.ts';
import { type Operator, operator } from './operator.ts';
import type { Edit, Source } from './source.ts';

/** What stands at the paths of these forms is written wrong: `*` stands for any step. */
function misspelt(name: string, ...forms: readonly string[]): Operator {
  return operator(name, 'error', function* (source) {
    for (const path of source.paths()) {
      const said = source.get(path);
      if (typeof said === 'string' && /^[a-z][\w-]*$/.test(said) && forms.some((form) => isLike(path, form)))
        yield source.replace(path, `${said}q`);
    }
  });
}

function isLike(path: Path, form: string): boolean {
  const steps = form.split('.');
  return steps.length === path.length && steps.every((step, index) => step === '*' || step === path[index]);
}

/** Entries of the model are taken away one by one. */
function without(name: string, ...forms: readonly string[]): Operator {
  return operator(name, 'error', function* (source) {
    for (const path of source.paths())
      if (forms.some((form) => isLike(path, form))) yield source.remove(path);
  });
}

/** Everywhere where one name stands, another one does. */
function renamed(name: string, namesOf: (source: Source) => Iterable<string>): Operator {
  return operator(name, 'silence', function* (source) {
    for (const word of namesOf(source)) yield source.everywhere(word, `${word}x`);
  });
}

export const wordOperators: readonly Operator[] = [
  misspelt('a network that there is not', 'nodes.*.network', 'nodes.*.nics.*.network'),
  misspelt(
    'a hypervisor that there is not',
    'nodes.*.on',
    'networks.*.on',
    'controller',
    'networks.*.router.owner',
  ),
  misspelt(
    'a flow or a check of nobody',
    'firewall.flows.*.from',
    'firewall.flows.*.to',
    'firewall.flows.*.from.*',
    'firewall.flows.*.to.*',
    'verify.*.from',
    'verify.*.to',
    'verify.*.to.*',
    'verify.*.from.*',
  ),
  misspelt('a distribution that there is not', 'kubernetes', 'kubernetes.distribution', 'kubernetes.cni'),
  misspelt('an operating system that there is not', 'nodes.*.os', 'hypervisors.*.os'),
  without(
    'a node without what it needs',
    'nodes.*.network',
    'nodes.*.ip',
    'nodes.*.role',
    'nodes.*.nics.*.ip',
  ),
  without('a network without what it needs', 'networks.*.cidr', 'networks.*.bridge', 'networks.*.mode'),
  without('a VIP without what it needs', 'vips.*.ip', 'vips.*.members', 'vips.*.backends', 'vips.*.port'),
  without(
    'a cluster without what it needs',
    'name',
    'domain',
    'kubernetes',
    'hypervisors',
    'networks',
    'nodes',
    'vips',
    'schemaVersion',
  ),
  operator('a key is misspelt', 'error', function* (source) {
    for (const path of source.paths())
      if (
        ['cidr', 'bridge', 'role', 'network', 'ip', 'members', 'port', 'uplink', 'mode', 'backends'].includes(
          String(path.at(-1)),
        )
      )
        yield source.renameKey(path, `${path.at(-1)}z`);
  }),
  operator('a key twice', 'error', function* (source) {
    for (const path of source.paths())
      if (['cidr', 'role', 'members'].includes(String(path.at(-1))))
        yield source.insert(path.slice(0, -1), `${path.at(-1)}: x`);
  }),
  renamed('a node is renamed everywhere', ({ cluster }) => cluster.nodes.map(({ name }) => name)),
  renamed('a network is renamed everywhere', ({ cluster }) => cluster.networks.map(({ name }) => name)),
  renamed('a role is renamed everywhere', ({ cluster }) =>
    cluster.roles
      .map(({ name }) => name)
      .filter((name) => !['master', 'load-balancer', 'worker', 'storage'].includes(name)),
  ),
  operator('two keys in another order', 'silence', function* (source) {
    for (const parent of [['nodes'], ['networks'], ...source.below(['nodes'])]) {
      const [first, second] = source.below(parent);
      if (first !== undefined && second !== undefined) yield source.swap(first, second);
    }
  }),
  operator('a comment is added', 'silence', function* (source) {
    const start = source.text.indexOf('\nname:') + 1;
    if (start > 0) yield [{ start, end: start, text: '# 10.0.0.1 was the old router\n' }] satisfies Edit[];
  }),
  operator('another domain', 'silence', function* (source) {
    yield source.replace(['domain'], 'k8s.example.net');
  }),
  operator('another cluster name', 'silence', function* (source) {
    yield source.replace(['name'], 'renamed');
  }),
  operator('an alias is added to a node', 'silence', function* (source) {
    for (const { origin, aliases } of source.cluster.nodes)
      if (aliases.length === 0) yield source.insert(origin, 'aliases: [an-alias]');
  }),
];
