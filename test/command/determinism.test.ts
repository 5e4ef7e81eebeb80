import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { parse, parseDocument, visit, type YAMLMap } from 'yaml';
import { VERSION } from '../../src/cli/version.ts';
import { compileModel, renderCluster } from '../../src/pipeline.ts';
import type { Artifact } from '../../src/render/render-artifacts.ts';
import { finalManifest, MANIFEST } from '../../src/write/manifest.ts';
import { clusters } from '../support/clusters.ts';
import { inProject } from '../support/paths.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gen-infra-determinism-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function render(file: string): Promise<Artifact[]> {
  const { cluster, diagnostics } = compileModel(file);
  if (cluster === undefined) throw new Error(JSON.stringify(diagnostics));
  return renderCluster(cluster, file);
}

function renderText(text: string): Promise<Artifact[]> {
  const file = join(mkdtempSync(join(folder, 'model-')), 'cluster.yaml');
  writeFileSync(file, text);
  return render(file);
}

/** The maps of a document, at every depth. */
function mapsOf(document: ReturnType<typeof parseDocument>): YAMLMap[] {
  const maps: YAMLMap[] = [];
  visit(document, {
    Map: (_key, map) => {
      maps.push(map);
    },
  });
  return maps;
}

const permutation = ({ items }: YAMLMap) => {
  const places = items.map((_item, index) => index);
  return fc.shuffledSubarray(places, { minLength: places.length, maxLength: places.length });
};

describe.each(clusters)('the output of the $name cluster', ({ model }) => {
  const text = readFileSync(model, 'utf8');

  it('is the same in whatever order the keys of the model stand', async () => {
    const expected = await render(model);
    const permutations = fc.tuple(...mapsOf(parseDocument(text)).map(permutation));
    await fc.assert(
      fc.asyncProperty(permutations, async (orders) => {
        const document = parseDocument(text);
        for (const [index, map] of mapsOf(document).entries()) {
          const items = [...map.items];
          map.items = (orders[index] ?? []).flatMap((place) => items[place] ?? []);
        }
        expect(await renderText(document.toString())).toEqual(expected);
      }),
      { numRuns: 15 },
    );
  });

  it('is the same however the model is written', async () => {
    const expected = await render(model);
    const document = parseDocument(text);
    visit(document, {
      Collection: (_key, collection) => {
        collection.flow = false;
      },
    });
    expect(document.toString()).not.toBe(text);
    expect(await renderText(document.toString())).toEqual(expected);
    expect(await renderText(JSON.stringify(document))).toEqual(expected);
    expect(await renderText(text.replaceAll('\n', '\r\n'))).toEqual(expected);
  });

  it('is the same in ten years', async () => {
    const expected = await render(model);
    vi.useFakeTimers({ now: new Date('2036-02-29T23:59:59Z'), toFake: ['Date'] });
    expect(await render(model)).toEqual(expected);
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('has lines that end in LF, and a final newline', async () => {
    for (const { path, content } of await render(model)) {
      expect(content, path).toMatch(/[^\n]\n$/);
      expect(content, path).not.toMatch(/\r|[ \t]$/m);
    }
  });
});

describe('the order of a list', () => {
  it('is what it says: the first member of a virtual IP has the highest priority', async () => {
    const text = readFileSync(inProject('examples/smallest/cluster.yaml'), 'utf8');
    const prioritiesOf = async (model: string) => {
      const path = 'ansible/inventory/group_vars/vip_members/vars.yml';
      const artifact = (await renderText(model)).find((candidate) => candidate.path === path);
      const { vips } = parse(artifact?.content ?? '') as {
        readonly vips: readonly {
          readonly members: readonly { readonly name: string; readonly priority: number }[];
        }[];
      };
      const sorted = (vips[0]?.members ?? []).toSorted((a, b) => b.priority - a.priority);
      return sorted.map(({ name }) => name);
    };
    expect(await prioritiesOf(text)).toEqual(['lb1', 'lb2']);
    expect(await prioritiesOf(text.replace('[lb1, lb2]', '[lb2, lb1]'))).toEqual(['lb2', 'lb1']);
  });
});

interface Surroundings {
  readonly name: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly umask?: string;
  /** Where the command runs; names are as seen from here. */
  readonly from?: (project: string) => string;
  readonly isRelative?: boolean;
}

const TURKISH = { LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' };

const surroundings: readonly Surroundings[] = [
  { name: 'in Turkish, on Christmas Island', env: { ...TURKISH, TZ: 'Pacific/Kiritimati' } },
  {
    name: 'in C, in Newfoundland, from the root, by a relative name',
    env: { LC_ALL: 'C', TZ: 'America/St_Johns' },
    from: () => '/',
    isRelative: true,
  },
  {
    name: "in German, from the model's folder, closed to others",
    env: { LC_ALL: 'de_DE.UTF-8', FORCE_COLOR: '1', COLUMNS: '40' },
    umask: '077',
    from: (project) => project,
    isRelative: true,
  },
  {
    name: 'in nothing, from a folder below, open to the group',
    umask: '002',
    from: (project) => join(project, 'below'),
    isRelative: true,
  },
];

/** Builds the reference cluster in a fresh project, with nothing in the environment but what is said. */
function buildAmid({
  env = {},
  umask = '022',
  from = () => folder,
  isRelative = false,
}: Surroundings): string {
  const project = mkdtempSync(join(folder, 'project-'));
  mkdirSync(join(project, 'below'));
  const model = join(project, 'cluster.yaml');
  copyFileSync(inProject('cluster.yaml'), model);
  const cwd = from(project);
  const args = [
    process.execPath,
    inProject('dist/bin.js'),
    'build',
    '-m',
    isRelative ? relative(cwd, model) : model,
  ];
  const script = `umask ${umask} && exec "$@"`;
  const { status, stderr } = spawnSync('sh', ['-c', script, 'sh', ...args], { cwd, env, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return join(project, 'generated');
}

const permissionsOf = (file: string) => (lstatSync(file).mode & 0o777).toString(8);

describe('the reference cluster', () => {
  it.each(surroundings)('has the same output $name', async (around) => {
    const tree = buildAmid(around);
    const files = readdirSync(tree, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== MANIFEST)
      .map((entry) => relative(tree, join(entry.parentPath, entry.name)))
      .sort();
    const expected = await render(inProject('cluster.yaml'));
    expect(files).toEqual(expected.map(({ path }) => path));
    expect(readFileSync(join(tree, MANIFEST), 'utf8')).toBe(finalManifest(expected, VERSION));
    for (const { path, content } of expected)
      expect(readFileSync(join(tree, path), 'utf8'), path).toBe(content);
    const mask = Number.parseInt(around.umask ?? '022', 8);
    expect(permissionsOf(join(tree, 'ansible/ansible.cfg'))).toBe((0o666 & ~mask).toString(8));
    expect(permissionsOf(join(tree, 'ansible'))).toBe((0o777 & ~mask).toString(8));
  });

  it('would have another one in Turkish if it asked for the language or the time', () => {
    const script = 'process.stdout.write((1234.5).toLocaleString() + " " + new Date(1e12).getHours())';
    const env = { ...TURKISH, TZ: 'Pacific/Kiritimati' };
    const { stdout } = spawnSync(process.execPath, ['-e', script], { env, encoding: 'utf8' });
    expect(stdout).toBe('1.234,5 15');
  });

  it('names the model in the headers, and nothing else of where it stands', async () => {
    const artifacts = await render(inProject('cluster.yaml'));
    const [header] = artifacts.find(({ path }) => path === 'ansible/ansible.cfg')?.content.split('\n') ?? [];
    expect(header).toContain('cluster.yaml');
    for (const { path, content } of artifacts) {
      expect(content, path).not.toContain(tmpdir());
      expect(content, path).not.toContain(`/${basename(inProject('.'))}/cluster.yaml`);
    }
  });
});
