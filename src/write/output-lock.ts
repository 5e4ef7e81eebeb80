import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EnvironmentError } from '../environment-error.ts';

const LOCK = '.gen-infra.lock';
/** How long a build waits for another one, in milliseconds. */
const PATIENCE = 10_000;
/** No build holds the lock for as long as this, in milliseconds: an older one was left by a build that was killed. */
const STALE_AFTER = 60_000;

/**
 * Runs `work` while no other build works in the directory, which is made where it is missing.
 * @throws EnvironmentError when another build holds the directory for too long, or it cannot be written.
 */
export async function withOutputLock<T>(root: string, work: () => T): Promise<T> {
  const lock = join(root, LOCK);
  try {
    mkdirSync(root, { recursive: true });
    await acquire(lock);
  } catch (cause) {
    throw EnvironmentError.from(cause, root);
  }
  try {
    return work();
  } finally {
    rmSync(lock, { force: true });
  }
}

async function acquire(lock: string): Promise<void> {
  const deadline = Date.now() + PATIENCE;
  while (!tryCreate(lock)) {
    if (Date.now() > deadline) {
      throw new EnvironmentError(
        `another build is writing here (process ${ownerOf(lock)}); ${lock} goes away when it ends`,
      );
    }
    if (isStale(lock)) takeAway(lock);
    else await sleep(50);
  }
}

function tryCreate(lock: string): boolean {
  try {
    writeFileSync(lock, `${process.pid}\n`, { flag: 'wx' });
    return true;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') return false;
    throw cause;
  }
}

function isStale(lock: string): boolean {
  const stat = statSync(lock, { throwIfNoEntry: false });
  if (stat === undefined) return false;
  if (Date.now() - stat.mtimeMs > STALE_AFTER) return true;
  const owner = Number(ownerOf(lock));
  return Number.isInteger(owner) && owner > 0 && !isRunning(owner);
}

/** The process that made the lock; empty in the moment before it has written its number. */
function ownerOf(lock: string): string {
  try {
    return readFileSync(lock, 'utf8').trim();
  } catch {
    return '';
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return pid !== process.pid;
  } catch (cause) {
    return cause instanceof Error && 'code' in cause && cause.code === 'EPERM';
  }
}

/** Of several builds that see a stale lock one gets it: a rename succeeds once. A lock that is new by then is put back. */
function takeAway(lock: string): void {
  const aside = `${lock}.${process.pid}`;
  try {
    renameSync(lock, aside);
    if (!isStale(aside)) linkSync(aside, lock);
  } catch {
    // another build was faster
  } finally {
    rmSync(aside, { force: true });
  }
}
