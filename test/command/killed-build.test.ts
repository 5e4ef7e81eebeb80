import { execFile } from 'node:child_process';
import {
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeOutput } from '../../src/write/write-output.ts';
import { inProject } from '../support/paths.ts';

type Files = Readonly<Record<string, string>>;

const OPTIONS = { force: false, generator: '1.0.0' };

/** Three outputs that differ in every way: files that stay, change, come, go, and take their folders with them. */
const FIRST: Files = {
  'README.md': 'first',
  'ansible/ansible.cfg': 'the same',
  'guests/m1/network-config': 'first m1',
  'guests/m2/network-config': 'first m2',
  'only/in/first': 'x',
};
const SECOND: Files = {
  'README.md': 'second',
  'ansible/ansible.cfg': 'the same',
  'guests/m2/network-config': 'second m2',
  'guests/m3/network-config': 'second m3',
  'only-in/second': 'y',
};
const THIRD: Files = {
  'README.md': 'third',
  'guests/m1/network-config': 'third m1',
  'guests/m3/network-config': 'third m3',
  'only-in/third/z': 'z',
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gen-infra-killed-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const artifactsOf = (files: Files) => Object.entries(files).map(([path, content]) => ({ path, content }));
const write = (root: string, files: Files) => writeOutput(root, artifactsOf(files), OPTIONS);

/** Every folder and file, with its content. */
function listing(root: string): Record<string, string> {
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' });
  const entries = names.sort().map((name) => {
    const path = join(root, name);
    return [name, lstatSync(path).isDirectory() ? 'folder' : readFileSync(path, 'utf8')];
  });
  return Object.fromEntries(entries);
}

describe.each([
  { name: 'over an earlier one', before: FIRST },
  { name: 'into an empty folder', before: {} },
])('a build $name that is killed', ({ name, before }) => {
  const expected = new Map<Files, Record<string, string>>();
  let start: string;
  let instants: readonly Instant[];

  beforeAll(async () => {
    for (const files of [FIRST, SECOND, THIRD]) {
      const root = mkdtempSync(join(folder, 'expected-'));
      leaveOwnFiles(root);
      await write(root, files);
      expected.set(files, listing(root));
    }
    start = join(folder, name);
    mkdirSync(start);
    leaveOwnFiles(start);
    if (before === FIRST) await write(start, FIRST);
    instants = await instantsOf(start);
  }, 60_000);

  it('has dozens of instants to be killed at', () => {
    expect(instants.length).toBeGreaterThan(24);
    const calls = new Set(instants.map(({ call }) => call));
    expect([...calls]).toEqual(
      expect.arrayContaining(['writeFileSync', 'mkdirSync', 'renameSync', 'rmSync']),
    );
  });

  it.each([
    { next: 'the same build', files: SECOND },
    { next: 'a build of a third model', files: THIRD },
    { next: 'a build of the model before', files: FIRST },
  ])('at any instant is repaired by $next', async ({ files }) => {
    for (const { snapshot, call, when } of instants) {
      const root = mkdtempSync(join(folder, 'repaired-'));
      cpSync(snapshot, root, { recursive: true });
      const { plan } = await write(root, files);
      expect(plan.conflicts, `killed ${when} ${call}`).toEqual([]);
      expect(listing(root), `killed ${when} ${call}`).toEqual(expected.get(files));
    }
  });

  it('by the system leaves what was seen at that instant', async () => {
    const whole = instants.filter(({ when }) => when === 'before');
    for (let number = 2; number < whole.length; number += 9) {
      const root = mkdtempSync(join(folder, 'killed-'));
      cpSync(start, root, { recursive: true });
      expect(await runSecond(root, { killAt: number })).toBe('SIGKILL');
      expect(unlocked(listing(root))).toEqual(unlocked(listing(whole[number - 1]?.snapshot ?? '')));
    }
  });
});

/** What nobody but a person writes: it survives everything. */
function leaveOwnFiles(root: string): void {
  for (const path of ['guests/m1/notes.txt', 'ansible/vault.yml', 'terraform.tfstate']) {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), 'mine');
  }
}

/** Locks have the number of a process in their names. */
function unlocked(files: Record<string, string>): Record<string, string> {
  const entries = Object.entries(files).map(([path, content]) => [
    path.replace(/(lock\..*)\.\d+\.\d+\.[0-9a-f]+$/, '$1'),
    content,
  ]);
  return Object.fromEntries(entries);
}

/** A copy of an output directory as a build leaves it that is killed before or amid a call. */
interface Instant {
  readonly snapshot: string;
  readonly call: string;
  readonly when: string;
}

/** Builds SECOND in a copy of a directory. */
async function instantsOf(start: string): Promise<Instant[]> {
  const root = mkdtempSync(join(folder, 'built-'));
  cpSync(start, root, { recursive: true });
  const snapshots = mkdtempSync(join(folder, 'snapshots-'));
  expect(await runSecond(root, { snapshots })).toBeNull();
  return readdirSync(snapshots).map((name) => {
    const [, when = '', call = ''] = name.split(' ');
    return { snapshot: join(snapshots, name), when, call };
  });
}

interface Watch {
  readonly snapshots?: string;
  readonly killAt?: number;
}

/** Builds SECOND in a process of its own, watched. The signal that ended it, if one did. */
function runSecond(root: string, watch: Watch): Promise<string | null> {
  const preload = `(${watchChanges.toString()})(${JSON.stringify({ root, ...watch })})`;
  const main = `
    const { writeOutput } = await import(${JSON.stringify(inProject('dist/write/write-output.js'))});
    await writeOutput(...${JSON.stringify([root, artifactsOf(SECOND), OPTIONS])});`;
  const args = [
    '--import',
    `data:text/javascript,${encodeURIComponent(preload)}`,
    '--input-type=module',
    '-e',
    main,
  ];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, (error, _stdout, stderr) => {
      if (error !== null && error.signal !== 'SIGKILL') reject(new Error(stderr));
      else resolve(error?.signal ?? null);
    });
  });
}

/**
 * Runs in the child before anything else. Before each call that changes the disk it copies the directory as it is, and
 * once more with the call half done where that takes several steps; or it has the process killed before the n-th call.
 * It has to stand by itself, because only its text gets there.
 */
function watchChanges({ root, snapshots, killAt }: Watch & { readonly root: string }): void {
  const fs = { ...process.getBuiltinModule('node:fs') };
  const { dirname, join } = process.getBuiltinModule('node:path');
  const half: Record<string, (target: string, content?: unknown) => void> = {
    writeFileSync: (file, content) =>
      fs.writeFileSync(file, String(content).slice(0, String(content).length / 2)),
    mkdirSync: (target) => {
      const missing: string[] = [];
      for (let part = target; !fs.existsSync(part); part = dirname(part)) missing.unshift(part);
      if (missing[0] !== undefined) fs.mkdirSync(missing[0]);
    },
    rmSync: (target) => {
      if (!fs.existsSync(target) || fs.statSync(target).isFile()) return;
      const inner = fs.readdirSync(target, { recursive: true, encoding: 'utf8' });
      const file = inner.find((name) => fs.statSync(join(target, name)).isFile());
      if (file !== undefined) fs.unlinkSync(join(target, file));
    },
  };
  const changing =
    /^(appendFile|chmod|copyFile|cp|ftruncate|link|mkdir|mkdtemp|open|rename|rm|rmdir|symlink|truncate|unlink|utimes|write|writev|writeFile)(Sync)?$/;
  let calls = 0;
  let isWatching = true;
  const watch = (name: string, target: string, content: unknown) => {
    calls += 1;
    if (calls === killAt) process.kill(process.pid, 'SIGKILL');
    if (snapshots === undefined) return;
    const snapshot = (when: string) => join(snapshots, `${String(calls).padStart(3, '0')} ${when} ${name}`);
    fs.cpSync(root, snapshot('before'), { recursive: true });
    if (half[name] === undefined) return;
    fs.cpSync(root, snapshot('amid'), { recursive: true });
    half[name](target.replace(root, snapshot('amid')), content);
  };
  const shared = process.getBuiltinModule('node:fs');
  for (const [name, original] of Object.entries(fs)) {
    if (!changing.test(name) || typeof original !== 'function') continue;
    const patched = (...args: [string, unknown]) => {
      if (isWatching) {
        isWatching = false;
        watch(name, args[0], args[1]);
        isWatching = true;
      }
      return Reflect.apply(original, shared, args);
    };
    Reflect.set(shared, name, patched);
  }
  process.getBuiltinModule('node:module').syncBuiltinESMExports();
}
