import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inProject } from '../../test/support/paths.ts';
import { withOutputLock } from './output-lock.ts';
import { startOf } from './running-process.ts';

describe('the lock of an output directory', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'gen-infra-lock-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  /** A lock as a build on this or another machine would leave it. */
  function leaveLock({
    host = hostname(),
    pid = process.pid,
    start = startOf(process.pid),
    age = 0,
  }): string {
    const lock = join(root, `.gen-infra.lock.${host}.${pid}.${start}.0123abcd`);
    writeFileSync(lock, '');
    const then = Date.now() / 1000 - age;
    utimesSync(lock, then, then);
    return lock;
  }

  it('is there while a build works, and gone after', async () => {
    const during = await withOutputLock(root, () => readdirSync(root));
    expect(during).toHaveLength(1);
    expect(during[0]).toContain(`.${process.pid}.`);
    expect(readdirSync(root)).toEqual([]);
  });

  it('is gone after a build that fails', async () => {
    const build = withOutputLock(root, () => {
      throw new Error('no space');
    });
    await expect(build).rejects.toThrow('no space');
    expect(readdirSync(root)).toEqual([]);
  });

  it.each([
    { name: 'of a process that is gone', lock: { pid: 2 ** 22 + 1, start: '5' } },
    { name: 'of a process whose number another one has now', lock: { start: '5' } },
    { name: 'of a process that runs, but older than a minute', lock: { age: 61 } },
    { name: 'of another machine, older than a minute', lock: { host: 'elsewhere', age: 61 } },
  ])('is not respected and is removed where it is one $name', async ({ lock }) => {
    const left = leaveLock(lock);
    expect(await withOutputLock(root, () => existsSync(left), 0)).toBe(false);
    expect(readdirSync(root)).toEqual([]);
  });

  it.each([
    { name: 'of a process that runs', lock: {} },
    { name: 'of a process that runs, nearly a minute old', lock: { age: 50 } },
    { name: 'of another machine, whatever runs here', lock: { host: 'elsewhere', pid: 2 ** 22 + 1 } },
    { name: 'of a machine whose name has dots', lock: { host: 'kvm1.kube.internal' } },
  ])('keeps others out where it is one $name', async ({ lock }) => {
    const left = leaveLock(lock);
    let isRun = false;
    const build = withOutputLock(
      root,
      () => {
        isRun = true;
      },
      100,
    );
    await expect(build).rejects.toMatchObject({
      name: 'EnvironmentError',
      message: expect.stringMatching(/^another build is writing to \S+: \.gen-infra\.lock\.\S+ is its lock/),
    });
    expect(isRun).toBe(false);
    expect(existsSync(left)).toBe(true);
    expect(readdirSync(root)).toHaveLength(1);
  });

  it('is waited for', async () => {
    const left = leaveLock({});
    const build = withOutputLock(root, () => existsSync(left), 10_000);
    setTimeout(() => rmSync(left), 150);
    expect(await build).toBe(false);
  });

  it('is no file that only looks like one', async () => {
    const names = ['.gen-infra.lock', '.gen-infra.lock.txt', 'my.gen-infra.lock.a.1.2.0123abcd'];
    for (const name of names) writeFileSync(join(root, name), '1');
    await withOutputLock(root, () => undefined, 0);
    expect(readdirSync(root).sort()).toEqual(names.sort());
  });

  it('lets one of several processes in at a time', async () => {
    leaveLock({ pid: 2 ** 22 + 1 });
    const children = Array.from({ length: 4 }, () =>
      spawn(process.execPath, ['--input-type=module', '-e', CONTENDER, root], {
        stdio: ['ignore', 'inherit', 'inherit'],
      }),
    );
    const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0]));
    expect(codes).toEqual([0, 0, 0, 0]);
    expect(readdirSync(root)).toEqual([]);
  });
});

/** Works 25 times, and fails if another one is at work meanwhile. */
const CONTENDER = `
  import { rmSync, writeFileSync } from 'node:fs';
  import { join } from 'node:path';
  const { withOutputLock } = await import(${JSON.stringify(inProject('dist/write/output-lock.js'))});
  const mark = join(process.argv[1], 'at-work');
  for (let round = 0; round < 25; round += 1) {
    await withOutputLock(process.argv[1], () => {
      writeFileSync(mark, '', { flag: 'wx' });
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
      rmSync(mark);
    });
  }
`;
