import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { isSameProcess, startOf } from './running-process.ts';

describe('a running process', () => {
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  it('is known by its number and its start', () => {
    const start = startOf(process.pid);
    expect(start).toMatch(/^\d+$/);
    expect(isSameProcess(process.pid, start ?? '')).toBe(true);
  });

  it('is not one that had its number before', () => {
    expect(isSameProcess(process.pid, '1')).toBe(false);
  });

  it('is not one that has ended', () => {
    const { pid } = spawnSync('true');
    expect(startOf(pid)).toBeUndefined();
    expect(isSameProcess(pid, '1')).toBe(false);
  });

  it('is not one that has ended and whose parent has not noticed', async () => {
    // The shell starts a child, becomes "sleep" before that ends, and so never asks for its exit code.
    const parent = spawn('sh', ['-c', 'sleep 0.3 & echo $!; exec sleep 20'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    children.push(parent);
    const [output] = (await once(parent.stdout, 'data')) as [Buffer];
    const zombie = Number(output.toString());
    await expect.poll(() => startOf(zombie), { timeout: 5000, interval: 20 }).toBeUndefined();
    expect(process.kill(zombie, 0)).toBe(true);
  });
});
