import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inProject } from './support/paths.ts';

/**
 * What each part of src/ may import of the others; within itself it may import anything. The pipeline's stages come in
 * their order, and know of those before only what these hand on: types, and questions that a cluster can be asked.
 */
const MAY_IMPORT: Readonly<Record<string, Readonly<Record<string, 'types' | 'values'>>>> = {
  net: {},
  diagnostics: {},
  'environment-error.ts': {},
  load: { diagnostics: 'values', 'environment-error.ts': 'values' },
  validate: { diagnostics: 'values', net: 'values' },
  resolve: { diagnostics: 'values', net: 'values', validate: 'types' },
  check: { diagnostics: 'values', net: 'values', resolve: 'values', firewall: 'values', reach: 'values' },
  firewall: { diagnostics: 'types', net: 'values', resolve: 'values' },
  topology: { net: 'values', resolve: 'values', firewall: 'values', reach: 'values' },
  render: { net: 'types', resolve: 'values', firewall: 'values', topology: 'values', reach: 'values' },
  reach: { diagnostics: 'values', net: 'values', resolve: 'values', firewall: 'values', check: 'values' },
  plan: { diagnostics: 'types', resolve: 'values', render: 'types' },
  // A plan is made while the output directory is locked, and write holds the lock.
  write: { plan: 'values', render: 'types', 'environment-error.ts': 'values' },
  'pipeline.ts': {
    ...{ diagnostics: 'types', load: 'values', validate: 'values', resolve: 'values' },
    ...{ check: 'values', render: 'values', topology: 'types' },
    ...{ plan: 'values', write: 'values' },
  },
  cli: {
    ...{ diagnostics: 'values', 'environment-error.ts': 'values', 'pipeline.ts': 'values' },
    ...{
      check: 'values',
      validate: 'values',
      resolve: 'values',
      topology: 'values',
      render: 'values',
      plan: 'types',
      reach: 'values',
    },
  },
  'bin.ts': { cli: 'values' },
};

/** The functions that run a stage, and who may call them. */
const STAGES: Readonly<Record<string, string>> = {
  loadModel: 'pipeline.ts',
  validateSchema: 'pipeline.ts',
  resolveCluster: 'pipeline.ts',
  runRules: 'pipeline.ts',
  renderArtifacts: 'pipeline.ts',
  planChanges: 'write/write-output.ts',
  writeOutput: 'pipeline.ts',
  checkOutput: 'pipeline.ts',
};

/** What only some files may touch, so that the rest is a function of its arguments. */
const EDGES: readonly { readonly what: RegExp; readonly where: RegExp }[] = [
  {
    what: /'node:(fs|child_process|os|net|http|https|dns|process|tty|readline)\b/,
    where: /^(cli\/|load\/|write\/|validate\/schema-source\.ts$)/,
  },
  { what: /\bprocess\./, where: /^(bin\.ts|cli\/|write\/)/ },
  {
    what: /\b(Date|performance|Math\.random|setTimeout|randomBytes|randomUUID)\b/,
    where: /^write\/output-lock\.ts$/,
  },
  { what: /\b(localeCompare|toLocale\w+|Intl)\b/, where: /^$/ },
  { what: /(?<!\.)\bconsole\.(log|error|warn|info|debug)\(/, where: /^cli\// },
];

interface Source {
  readonly path: string;
  readonly text: string;
}

const sources: readonly Source[] = readdirSync(inProject('src'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !/\.(test|d)\.ts$/.test(path))
  .sort()
  .map((path) => ({ path, text: readFileSync(inProject(`src/${path}`), 'utf8') }));

const partOf = (path: string) => path.split('/')[0] ?? path;

interface Import {
  readonly target: string;
  readonly kind: 'types' | 'values';
  readonly names: readonly string[];
}

function importsOf({ path, text }: Source): Import[] {
  const static_ = text.matchAll(/^(?:import|export)\s+(type\s)?([^;']*?)\s*from\s+'(\.[^']+)'/gm);
  const dynamic = text.matchAll(/\bimport\(()()'(\.[^']+)'\)/g);
  return [...static_, ...dynamic].map(([, type, specifiers = '', from = '']) => {
    const names = specifiers.split(/[{},\s]+/).filter((name) => !['', 'type', 'as'].includes(name));
    const areTypes = /^\{\s*(type \w+( as \w+)?,?\s*)+\}$/.test(specifiers);
    return {
      target: posix.join(posix.dirname(path), from),
      kind: type !== undefined && type !== '' ? 'types' : areTypes ? 'types' : 'values',
      names,
    };
  });
}

/** Imports that the rules do not allow. */
function forbiddenImports(source: Source): string[] {
  const part = partOf(source.path);
  return importsOf(source).flatMap(({ target, kind, names }) => {
    const allowed = MAY_IMPORT[part]?.[partOf(target)];
    const isAllowed = partOf(target) === part || allowed === 'values' || allowed === kind;
    const stages = names.filter((name) => STAGES[name] !== undefined && STAGES[name] !== source.path);
    const isOwn = partOf(target) === part;
    return [
      ...(isAllowed ? [] : [`${source.path} imports ${kind} of ${target}`]),
      ...(isOwn || target === 'pipeline.ts'
        ? []
        : stages.map((name) => `${source.path} imports the stage ${name}`)),
    ];
  });
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|(?<![:'"`\\])\/\/.*$/gm, '');
}

describe('the sources', () => {
  it('are where the rules know them', () => {
    const parts = [...new Set(sources.map(({ path }) => partOf(path)))].sort();
    expect(parts).toEqual(Object.keys(MAY_IMPORT).sort());
  });

  it.each(sources)('$path imports what its part may', (source) => {
    expect(forbiddenImports(source)).toEqual([]);
  });

  it.each(sources)('$path leaves files, processes, time and languages to the edges', ({ path, text }) => {
    const code = withoutComments(text);
    const touched = EDGES.filter(({ what, where }) => what.test(code) && !where.test(path));
    expect(touched.map(({ what }) => what.source)).toEqual([]);
  });

  it('are short: half of the files under 120 lines, none over 300', () => {
    const lengths = sources
      .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
      .sort((a, b) => a.lines - b.lines);
    expect(lengths.filter(({ lines }) => lines > 300)).toEqual([]);
    expect(lengths[Math.floor(lengths.length / 2)]?.lines).toBeLessThan(120);
  });

  it('are imported by their whole names', () => {
    const bare = sources.flatMap((source) =>
      importsOf(source)
        .filter(({ target }) => !target.endsWith('.ts'))
        .map(({ target }) => `${source.path}: ${target}`),
    );
    expect(bare).toEqual([]);
  });
});

describe('the check of imports', () => {
  it.each([
    [
      'net/ipv4.ts',
      "import { a } from '../resolve/cluster.ts';",
      'net/ipv4.ts imports values of resolve/cluster.ts',
    ],
    [
      'net/ipv4.ts',
      "import type { A } from '../resolve/cluster.ts';",
      'net/ipv4.ts imports types of resolve/cluster.ts',
    ],
    ['plan/a.ts', "import { type A, b } from '../render/b.ts';", 'plan/a.ts imports values of render/b.ts'],
    [
      'resolve/a.ts',
      "const { b } = await import('../render/b.ts');",
      'resolve/a.ts imports values of render/b.ts',
    ],
    ['resolve/a.ts', "export { b } from '../plan/b.ts';", 'resolve/a.ts imports values of plan/b.ts'],
    [
      'cli/a.ts',
      "import { resolveCluster } from '../resolve/resolve-cluster.ts';",
      'cli/a.ts imports the stage resolveCluster',
    ],
    ['cli/a.ts', "import {\n  a,\n  b,\n} from '../write/b.ts';", 'cli/a.ts imports values of write/b.ts'],
  ])('finds in %s: %s', (path, text, problem) => {
    expect(forbiddenImports({ path, text })).toEqual([problem]);
  });

  it.each([
    ['plan/a.ts', "import { type A, type B } from '../render/b.ts';"],
    ['plan/a.ts', "import type { A } from '../render/b.ts';"],
    ['render/renderers/a.ts', "import { b } from '../../firewall/b.ts';"],
    ['cli/commands/a.ts', "import { writeOutput } from '../../pipeline.ts';"],
    ['net/a.ts', "import { b } from './b.ts';"],
  ])('finds nothing in %s: %s', (path, text) => {
    expect(forbiddenImports({ path, text })).toEqual([]);
  });
});

describe('the documents', () => {
  const folders = ['.', 'docs'].flatMap((folder) =>
    readdirSync(inProject(folder)).map((name) => `${folder}/${name}`),
  );

  it.each(folders.filter((path) => path.endsWith('.md')))('%s has no marks of a merge', (path) => {
    expect(readFileSync(inProject(path), 'utf8')).not.toMatch(/^(<{7}|>{7}|(> ?){7}) /m);
  });
});
