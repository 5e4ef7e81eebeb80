import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { genInfraAsync, genInfraInProcess, type Result } from '../support/cli.ts';
import { buildTree, clusters } from '../support/clusters.ts';
import { inProject } from '../support/paths.ts';
import { requireTools } from '../support/require-tools.ts';

const [reference, smallest] = clusters;

let folder: string;
let referenceTree: string;
let smallestTree: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gen-infra-safety-'));
  referenceTree = buildTree(reference.model);
  smallestTree = buildTree(smallest.model);
}, 60_000);
afterAll(() => {
  for (const made of [folder, referenceTree, smallestTree]) rmSync(made, { recursive: true, force: true });
});

const newFolder = () => mkdtempSync(join(folder, 'case-'));

/** A copy of the smallest cluster's tree. */
function newTree(): string {
  const tree = newFolder();
  cpSync(smallestTree, tree, { recursive: true });
  return tree;
}

/** Builds a model into a tree, in this process. */
const build = (tree: string, args: readonly string[] = [], model: string = smallest.model): Promise<Result> =>
  genInfraInProcess(['build', '-m', model, '-o', tree, ...args]);

/** Every file with its content. */
function filesOf(tree: string): Record<string, string> {
  const entries = readdirSync(tree, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => [path.slice(tree.length + 1), readFileSync(path, 'utf8')]);
  return Object.fromEntries(entries);
}

describe('a build over files that people wrote', () => {
  let tree: string;
  let refused: Result;
  let forced: Result;
  const byHand = ['ansible/ansible.cfg', 'kubernetes/k3s/server.yaml'];

  beforeAll(async () => {
    tree = newTree();
    for (const path of byHand) writeFileSync(join(tree, path), 'by hand\n');
    writeFileSync(join(tree, 'ansible/vault.yml'), 'secret\n');
    const before = filesOf(tree);
    refused = await build(tree);
    expect(filesOf(tree)).toEqual(before);
    forced = await build(tree, ['--force', '-q']);
  });

  it('is refused with exit code 1, and names them all', () => {
    expect(refused.exitCode).toBe(1);
    expect(refused.stdout).toBe('');
    for (const path of byHand) {
      expect(refused.stderr).toContain(
        `error[output-conflict]: ${path} was changed by hand; nothing was written\n`,
      );
      expect(refused.stderr).toContain(`  --> ${join(tree, path)}:1:1\n`);
    }
    expect(refused.stderr.match(/error\[/g)).toHaveLength(2);
    expect(refused.stderr).toContain('--force');
  });

  it('overwrites them with --force, and says which, even where it is to be quiet', () => {
    expect(forced.exitCode).toBe(0);
    expect(forced.stdout).toBe('');
    for (const path of byHand) {
      expect(forced.stderr).toContain(
        `warning[output-overwritten]: ${path} was changed by hand, and was overwritten\n`,
      );
    }
    expect(filesOf(tree)).toEqual({ ...filesOf(smallestTree), 'ansible/vault.yml': 'secret\n' });
  });

  it('lists what it overwrote apart from what it updated', async () => {
    writeFileSync(join(tree, 'ansible/ansible.cfg'), 'by hand\n');
    const { stdout } = await build(tree, ['--force'], reference.model);
    expect(stdout).toContain('\n  ! ansible/ansible.cfg\n');
    expect(stdout).toContain('\n  ~ ansible/inventory/hosts.ini\n');
    expect(stdout).toMatch(/\d+ created, \d+ updated, 1 overwritten, \d+ deleted, \d+ unchanged\n$/);
  });

  it('warns of an orphan that was changed by hand, and keeps it', async () => {
    const kept = 'guests/lb1/network-config';
    const other = newTree();
    writeFileSync(join(other, kept), 'by hand\n');
    const { exitCode, stderr } = await build(other, [], reference.model);
    expect(exitCode).toBe(0);
    expect(stderr).toContain(`warning[output-kept]: ${kept} no longer belongs to the output`);
    expect(filesOf(other)).toEqual({ ...filesOf(referenceTree), [kept]: 'by hand\n' });
  });

  it('after a merge with conflicts says that the manifest is none', async () => {
    const other = newTree();
    writeFileSync(join(other, '.gen-infra.json'), '<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> branch\n');
    writeFileSync(join(other, 'ansible/ansible.cfg'), '<<<<<<< HEAD\n');
    const { exitCode, stderr } = await build(other);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('warning[output-manifest]: .gen-infra.json is no manifest');
    expect(stderr).toContain('error[output-conflict]: ansible/ansible.cfg was not written by a build');
    expect((await build(other, ['--force'])).exitCode).toBe(0);
    expect(filesOf(other)).toEqual(filesOf(smallestTree));
  });
});

describe('several builds at once', () => {
  it.each([
    { name: 'into a new folder', start: newFolder, count: 8 },
    { name: 'over a tree', start: newTree, count: 4 },
  ])(
    '$name leave the tree of one of them, whole',
    async ({ start, count }) => {
      const tree = start();
      const models = Array.from(
        { length: count },
        (_, index) => (index % 2 === 0 ? reference : smallest).model,
      );
      const results = await Promise.all(
        models.map((model) => genInfraAsync(['build', '-m', model, '-o', tree, '-q'])),
      );
      for (const { exitCode, stderr } of results) expect([0, 3], stderr).toContain(exitCode);
      expect(results.filter(({ exitCode }) => exitCode === 0)).not.toEqual([]);
      expect([filesOf(referenceTree), filesOf(smallestTree)]).toContainEqual(filesOf(tree));
    },
    60_000,
  );
});

describe('an environment in which nothing can be written', () => {
  let file: string;
  beforeAll(() => {
    file = join(newFolder(), 'file');
    writeFileSync(file, 'a file\n');
  });

  it.each([
    ['a file', () => file, 'is in the way: it is no directory'],
    ['a path below a file', () => join(file, 'generated'), 'lies below something that is no directory'],
    ['a folder of the system', () => '/proc/generated', 'does not exist'],
    ['a name that is too long', () => join(folder, 'x'.repeat(300)), 'has too long a name'],
  ])('ends a build into %s with exit code 3 and one line', async (_name, tree, reason) => {
    const { exitCode, stdout, stderr } = await build(tree());
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 3,
      stdout: '',
      stderr: `gen-infra: ${tree()} ${reason}\n`,
    });
  });

  it.each([
    ['a file', () => file],
    ['a path below a file', () => join(file, 'generated')],
  ])('ends --check of %s with exit code 3 and one line', async (_name, tree) => {
    const { exitCode, stdout, stderr } = await build(tree(), ['--check']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
    expect(stderr).toMatch(/^gen-infra: .* lies below something that is no directory\n$/);
  });

  /** A copy of the smallest tree, a mount over it, and a build of the reference there; then the tree as it is there. */
  function buildMounted(mount: string): Result & { readonly tree: string } {
    const tree = newTree();
    const script = `
      tree=$1; smallest=$2; shift 2; cd /; ${mount}
      "$@"; code=$?
      diff -r "$tree" "$smallest" | grep -v ': filler$'; exit $code`;
    const command = [
      process.execPath,
      inProject('dist/bin.js'),
      'build',
      '-q',
      '-m',
      reference.model,
      '-o',
      tree,
    ];
    const args = ['-m', 'sh', '-c', script, 'sh', tree, smallestTree, ...command];
    const { status, stdout, stderr } = spawnSync('unshare', args, { encoding: 'utf8' });
    return { exitCode: status, stdout, stderr, tree };
  }

  it.for([0, 64])('leaves the tree as it was on a disk with %i KiB left', (left, context) => {
    requireTools(context, ['unshare', 'mount', 'diff'], { root: true });
    const { exitCode, stdout, stderr, tree } = buildMounted(`
      mount -t tmpfs -o size=4m tmpfs "$tree" && cp -a "$smallest/." "$tree"
      free=$(df -k --output=avail "$tree" | tail -n 1)
      head -c $(((free - ${left}) * 1024)) /dev/zero > "$tree/filler"`);
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 3,
      stdout: '',
      stderr: `gen-infra: ${tree} cannot be written: the disk is full\n`,
    });
  });

  it.for([
    {
      name: 'that is read-only',
      mount: 'mount --bind "$tree" "$tree" && mount -o remount,bind,ro "$tree"',
      reason: (tree: string) => `${tree} lies on a read-only file system`,
    },
    {
      name: 'of which a folder is read-only',
      mount: 'mount --bind "$tree/guests" "$tree/guests" && mount -o remount,bind,ro "$tree/guests"',
      reason: (tree: string) => `${tree}/guests lies on a read-only file system`,
    },
    {
      name: 'of which a folder lies on another disk',
      mount: `mount -t tmpfs -o size=1m tmpfs "$tree/guests" && cp -a "$smallest/guests/." "$tree/guests"`,
      reason: (tree: string) => `${tree}/guests lies on another file system than ${tree}`,
    },
  ])('leaves a tree as it was $name', ({ mount, reason }, context) => {
    requireTools(context, ['unshare', 'mount', 'diff'], { root: true });
    const { exitCode, stdout, stderr, tree } = buildMounted(mount);
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 3,
      stdout: '',
      stderr: `gen-infra: ${reason(tree)}\n`,
    });
  });
});
