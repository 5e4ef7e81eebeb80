import { spawnSync } from 'node:child_process';
import {
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from './manifest.ts';
import { checkOutput, writeOutput } from './write-output.ts';

type Files = Readonly<Record<string, string>>;

describe('writing an output directory', () => {
  let folder: string;
  let root: string;
  let outside: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gen-infra-write-'));
    root = join(folder, 'generated');
    outside = join(folder, 'outside');
    put(outside, { victim: 'precious', 'ansible.cfg': 'precious', 'folder/victim': 'precious' });
  });
  afterEach(() => {
    // Whatever a test did, nothing outside the output directory has changed.
    const precious = { folder: 'folder', 'folder/victim': 'precious' };
    expect(listing(outside)).toEqual({ 'ansible.cfg': 'precious', ...precious, victim: 'precious' });
    expect(readdirSync(folder).sort()).toEqual(
      lstatSync(root, { throwIfNoEntry: false }) === undefined ? ['outside'] : ['generated', 'outside'],
    );
    rmSync(folder, { recursive: true, force: true });
  });

  const artifactsOf = (files: Files) => Object.entries(files).map(([path, content]) => ({ path, content }));
  const build = (files: Files, { force = false } = {}) =>
    writeOutput(root, artifactsOf(files), { force, generator: '1.0.0', patience: 0 });
  const check = (files: Files) => checkOutput(root, artifactsOf(files), { force: false, generator: '1.0.0' });
  /** A manifest as an earlier build would have left it, or somebody who means harm. */
  const leaveManifest = (files: Files) =>
    put(root, { '.gen-infra.json': JSON.stringify({ version: 1, generator: '1.0.0', files }) });

  const FILES: Files = { 'README.md': 'read me', 'ansible/ansible.cfg': '[defaults]' };

  it('makes the directory, its folders and files, and nothing besides the manifest', async () => {
    const { plan } = await build(FILES);
    expect(plan.create.map(({ path }) => path)).toEqual(['README.md', 'ansible/ansible.cfg']);
    expect(listing(root)).toMatchObject({ ansible: 'folder', ...FILES });
    expect(Object.keys(listing(root))).toHaveLength(4);
    expect(check(FILES).isCurrent).toBe(true);
  });

  it('writes what changed alone', async () => {
    await build(FILES);
    const before = inodes(root);
    await build({ ...FILES, 'README.md': 'other' });
    expect(listing(root)).toMatchObject({ 'README.md': 'other' });
    expect(inodes(root)['ansible/ansible.cfg']).toBe(before['ansible/ansible.cfg']);
    expect((await build({ ...FILES, 'README.md': 'other' })).isCurrent).toBe(true);
  });

  it('refuses to overwrite what people wrote, names all of it, and writes nothing', async () => {
    await build({ ...FILES, third: '3' });
    put(root, { 'README.md': 'by hand', 'terraform/main.tf': 'by hand' });
    const before = listing(root);
    const { plan } = await build({ 'README.md': 'new', 'terraform/main.tf': 'new', fourth: '4' });
    expect(plan.conflicts.map(({ path, reason }) => `${path} ${reason}`)).toEqual([
      'README.md was changed by hand',
      'terraform/main.tf was not written by a build',
    ]);
    expect(listing(root)).toEqual(before);
  });

  it('overwrites them with force', async () => {
    await build(FILES);
    put(root, { 'README.md': 'by hand', 'terraform/main.tf': 'by hand' });
    const files = { 'README.md': 'new', 'terraform/main.tf': 'new' };
    const { plan } = await build(files, { force: true });
    expect(plan.overwrite.map(({ path }) => path)).toEqual(['README.md', 'terraform/main.tf']);
    expect(listing(root)).toMatchObject(files);
    expect(check(files).isCurrent).toBe(true);
  });

  it('adopts a file that is as it would write it', async () => {
    put(root, { 'README.md': 'read me' });
    expect((await build(FILES)).plan.conflicts).toEqual([]);
    expect((await build({ ...FILES, 'README.md': 'new' })).plan.update).toHaveLength(1);
  });

  it("leaves everybody else's files, and the folders that hold them", async () => {
    const others = {
      'ansible/vault.yml': 'secret',
      'terraform/br0/.terraform/providers': 'binary',
      'terraform/br0/terraform.tfstate': '{}',
      'terraform/br0/.gen-infra.json': 'not ours',
    };
    put(root, others);
    await build({ ...FILES, 'terraform/br0/main.tf': 'x', 'guests/m1/network-config': 'x' });
    await build({});
    expect(listing(root)).toEqual({
      '.gen-infra.json': expect.stringContaining('"files": {}'),
      ansible: 'folder',
      terraform: 'folder',
      'terraform/br0': 'folder',
      'terraform/br0/.terraform': 'folder',
      ...others,
    });
  });

  it('keeps an orphan that was changed by hand, and deletes the others with their folders', async () => {
    await build({ ...FILES, 'guests/m1/network-config': 'x', 'guests/m2/network-config': 'x' });
    put(root, { 'guests/m2/network-config': 'by hand' });
    const { plan } = await build(FILES);
    expect(plan.delete).toEqual(['guests/m1/network-config']);
    expect(plan.keep).toEqual(['guests/m2/network-config']);
    expect(Object.keys(listing(root)).filter((path) => path.startsWith('guests/'))).toEqual([
      'guests/m2',
      'guests/m2/network-config',
    ]);
  });

  it('gives a file another content, and not the file outside that is the same by a hard link', async () => {
    await build(FILES);
    rmSync(join(root, 'README.md'));
    linkSync(join(outside, 'victim'), join(root, 'README.md'));
    await build(FILES, { force: true });
    expect(listing(root)).toMatchObject(FILES);
  });

  describe('with a manifest that means harm', () => {
    const hash = sha256('precious');

    it.each([
      ['out of the directory', () => '../outside/victim'],
      ['by an absolute path', () => join(outside, 'victim')],
      ['out of a folder within', () => 'ansible/../../outside/victim'],
    ])('deletes nothing %s', async (_name, path) => {
      await build(FILES);
      leaveManifest({ [path()]: hash });
      const { plan } = await build(FILES);
      expect(plan.delete).toEqual([]);
    });

    it('deletes nothing through a linked folder', async () => {
      await build(FILES);
      symlinkSync(outside, join(root, 'linked'));
      leaveManifest({ 'linked/victim': hash, 'linked/folder/victim': hash });
      const { plan } = await build(FILES);
      expect(plan.delete).toEqual([]);
      expect(readlinkSync(join(root, 'linked'))).toBe(outside);
    });

    it('works with names that no file can have', async () => {
      leaveManifest({ ['x'.repeat(5000)]: hash, [`${'y/'.repeat(3000)}y`]: hash, 'a\ud800': hash });
      expect((await build(FILES)).plan.conflicts).toEqual([]);
    });
  });

  describe.each([
    ['refused', { force: false }],
    ['refused with force too', { force: true }],
  ])('a symbolic link is %s', (_name, options) => {
    it.each([
      ['for a file', 'ansible/ansible.cfg', () => join(outside, 'ansible.cfg'), 'is a symbolic link'],
      [
        'for a file that is not there',
        'ansible/ansible.cfg',
        () => join(outside, 'new'),
        'is a symbolic link',
      ],
      ['for a folder', 'ansible', () => outside, 'lies below ansible, which is a symbolic link'],
      ['for a folder within', 'ansible', () => '.', 'lies below ansible, which is a symbolic link'],
    ])('%s', async (_case, path, target, reason) => {
      put(root, { 'README.md': 'read me' });
      mkdirSync(dirname(join(root, path)), { recursive: true });
      symlinkSync(target(), join(root, path));
      const { plan } = await build(FILES, options);
      expect(plan.conflicts).toEqual([
        expect.objectContaining({ path: 'ansible/ansible.cfg', reason, isForceable: false }),
      ]);
      expect(readlinkSync(join(root, path))).toBe(target());
      expect(readdirSync(root).sort()).toEqual(['README.md', 'ansible']);
    });

    it('for the manifest', async () => {
      put(root, { 'README.md': 'read me' });
      symlinkSync(join(outside, 'victim'), join(root, '.gen-infra.json'));
      const { plan } = await build(FILES, options);
      expect(plan.conflicts).toEqual([
        { path: '.gen-infra.json', reason: 'is a symbolic link', isForceable: false },
      ]);
      expect(readdirSync(root).sort()).toEqual(['.gen-infra.json', 'README.md']);
    });

    it.each(['outside', 'nowhere'])('for the directory itself, leading to %s', async (target) => {
      symlinkSync(join(folder, target), root);
      const refusal = {
        name: 'EnvironmentError',
        message: `${root} is a symbolic link: name the directory that it leads to`,
      };
      await expect(build(FILES, options)).rejects.toMatchObject(refusal);
      expect(() => check(FILES)).toThrow(refusal.message);
    });
  });

  it.each(['.gen-infra.tmp', '.gen-infra.lock.elsewhere.1.1.0123abcd'])(
    'removes a link in the place of its own %s, and nothing behind it',
    async (name) => {
      mkdirSync(root);
      symlinkSync(join(outside, 'folder'), join(root, name));
      // A link of another machine's would be respected for a minute.
      if (name.includes('lock')) spawnSync('touch', ['-h', '-d', '2 minutes ago', join(root, name)]);
      await build(FILES);
      expect(Object.keys(listing(root)).sort()).toEqual(
        ['.gen-infra.json', 'ansible', ...Object.keys(FILES)].sort(),
      );
    },
  );

  it.each([
    ['a directory for a file', 'README.md', 'is a directory', (path: string) => mkdirSync(path)],
    [
      'a file for a folder',
      'ansible',
      'lies below ansible, which is a file',
      (path: string) => writeFileSync(path, ''),
    ],
    ['a pipe for a file', 'README.md', 'is no ordinary file', (path: string) => spawnSync('mkfifo', [path])],
    ['a directory for the manifest', '.gen-infra.json', 'is a directory', (path: string) => mkdirSync(path)],
    [
      'a pipe for the manifest',
      '.gen-infra.json',
      'is no ordinary file',
      (path: string) => spawnSync('mkfifo', [path]),
    ],
  ])('refuses %s, with force too', async (_name, path, reason, make) => {
    mkdirSync(root);
    make(join(root, path));
    for (const force of [false, true]) {
      const { plan } = await build(FILES, { force });
      expect(plan.conflicts.map((conflict) => conflict.reason)).toEqual([reason]);
      expect(readdirSync(root)).toEqual([path]);
    }
  });

  it('works with a damaged manifest as with none, says so, and mends it', async () => {
    await build({ ...FILES, orphan: 'x' });
    put(root, { '.gen-infra.json': '<<<<<<< HEAD\n' });
    expect(check(FILES)).toMatchObject({ isCurrent: false, isManifestReadable: false });
    const refused = await build({ ...FILES, 'README.md': 'new' });
    expect(refused.plan.conflicts.map(({ path }) => path)).toEqual(['README.md']);
    const mended = await build(FILES);
    expect(mended).toMatchObject({ isManifestReadable: false, plan: { conflicts: [], delete: [] } });
    expect(check(FILES)).toMatchObject({ isCurrent: true, isManifestReadable: true });
    expect(listing(root)).toMatchObject({ orphan: 'x' });
  });

  it('checks without writing anything, also where a build was killed', async () => {
    await build(FILES);
    put(root, { '.gen-infra.tmp/files/x': 'x', '.gen-infra.lock.elsewhere.1.1.0123abcd': '' });
    const before = inodes(root);
    expect(check(FILES).isCurrent).toBe(true);
    expect(check({ 'README.md': 'new' }).plan.delete).toEqual(['ansible/ansible.cfg']);
    expect(inodes(root)).toEqual(before);
  });
});

function put(root: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}

const namesIn = (root: string) => readdirSync(root, { recursive: true, encoding: 'utf8' }).sort();

/** Every folder and file, with its content. */
function listing(root: string): Record<string, string> {
  const entries = namesIn(root).map((name) => {
    const path = join(root, name);
    return [name, lstatSync(path).isDirectory() ? 'folder' : readFileSync(path, 'utf8')];
  });
  return Object.fromEntries(entries);
}

/** What changes with every write: the inode of each file, and when it or a folder was changed. */
function inodes(root: string): Record<string, string> {
  const entries = namesIn(root).map((name) => {
    const { ino, mtimeNs, ctimeNs } = lstatSync(join(root, name), { bigint: true });
    return [name, `${ino} ${mtimeNs} ${ctimeNs}`];
  });
  return Object.fromEntries(entries);
}
