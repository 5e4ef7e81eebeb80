import { randomBytes } from 'node:crypto';
import { lstatSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EnvironmentError } from '../environment-error.ts';
import { makeFolder } from './make-folder.ts';
import { isSameProcess, startOf } from './running-process.ts';

/** How long a build waits for another one, in milliseconds. */
const PATIENCE = 10_000;
/** No build holds the lock for as long as this, in milliseconds: an older one was left by a build that was killed. */
const STALE_AFTER = 60_000;

/**
 * Runs `work` while no other build works in the directory, which is made where it is missing.
 *
 * A lock is an empty file whose name says who holds it. A build makes its own, then looks for others: of two builds
 * the one that looks later sees both. So no lock is ever taken over, and one whose owner is gone can be removed by
 * anybody; with a single file for all, a lock that is fresh could be mistaken for the dead one it replaced.
 * @throws EnvironmentError when another build holds the directory for too long, or it cannot be written.
 */
export async function withOutputLock<T>(root: string, work: () => T, patience = PATIENCE): Promise<T> {
  let lock: string;
  try {
    makeFolder(root);
    lock = await acquire(root, patience);
  } catch (cause) {
    throw EnvironmentError.from(cause, root);
  }
  try {
    return work();
  } finally {
    release(join(root, lock));
  }
}

async function acquire(root: string, patience: number): Promise<string> {
  const deadline = Date.now() + patience;
  const own = nameOwnLock();
  for (;;) {
    let other = findOther(root, own);
    if (other === undefined) {
      writeFileSync(join(root, own), '', { flag: 'wx' });
      other = findOther(root, own);
      if (other === undefined) return own;
      rmSync(join(root, own));
    }
    if (Date.now() > deadline) {
      throw new EnvironmentError(
        `another build is writing to ${root}: ${other} is its lock, and goes away when it ends`,
      );
    }
    await sleep(20 + Math.random() * 60);
  }
}

function nameOwnLock(): string {
  const owner = [encodeURIComponent(hostname()), process.pid, startOf(process.pid)].join('.');
  return `.gen-infra.lock.${owner}.${randomBytes(4).toString('hex')}`;
}

/** The lock of another build. Locks of builds that are gone are removed. */
function findOther(root: string, own: string): string | undefined {
  for (const name of readdirSync(root)) {
    const [, host, pid, start] = /^\.gen-infra\.lock\.(.+)\.(\d+)\.(\d+)\.[0-9a-f]{8}$/.exec(name) ?? [];
    if (name === own || host === undefined || pid === undefined || start === undefined) continue;
    // Processes of other machines and containers cannot be asked for: their locks go by age alone.
    const isOwned = host !== encodeURIComponent(hostname()) || isSameProcess(Number(pid), start);
    if (isOwned && !isOld(join(root, name))) return name;
    rmSync(join(root, name), { recursive: true, force: true });
  }
  return undefined;
}

function isOld(lock: string): boolean {
  const stat = lstatSync(lock, { throwIfNoEntry: false });
  return stat === undefined || Date.now() - stat.mtimeMs > STALE_AFTER;
}

/** A lock that cannot be removed does no harm once this process has ended. */
function release(lock: string): void {
  try {
    rmSync(lock, { force: true });
  } catch {}
}
