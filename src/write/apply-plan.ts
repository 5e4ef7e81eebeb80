import { lstatSync, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EnvironmentError } from '../environment-error.ts';
import type { Disk, Plan } from '../plan/plan-changes.ts';
import { finalManifest, MANIFEST, pendingManifest } from './manifest.ts';
import { type Staged, stage } from './staging.ts';

/**
 * Makes the disk what the plan says. Whatever moment it is killed at, the manifest knows every file: all new contents
 * are staged first, then the manifest names old and new hashes, then files are removed and moved into place, and last
 * the manifest is the new one.
 * @throws EnvironmentError when the directory cannot be written.
 */
export function applyPlan(
  root: string,
  plan: Plan,
  { disk, generator }: { readonly disk: Disk; readonly generator: string },
): void {
  const written = [...plan.create, ...plan.update, ...plan.overwrite];
  const all = [...written, ...plan.unchanged].sort((a, b) => (a.path < b.path ? -1 : 1));
  const staged = stage(root, {
    written,
    pending: pendingManifest(all, disk, generator),
    final: finalManifest(all, generator),
  });
  const staying = new Set([...all.map(({ path }) => path), ...plan.keep]);
  const gone = [...disk.known.keys()].filter((path) => !staying.has(path));
  try {
    commit(root, staged, gone);
  } catch (cause) {
    throw EnvironmentError.from(cause, root);
  }
}

function commit(root: string, staged: Staged, gone: readonly string[]): void {
  renameSync(staged.pending, join(root, MANIFEST));
  for (const path of gone) removeFile(root, path);
  moveInto(staged.files, root);
  renameSync(staged.final, join(root, MANIFEST));
}

/** Removes a file and the folders that are empty without it. A build that was killed may have got as far already. */
function removeFile(root: string, path: string): void {
  rmSync(join(root, path), { force: true });
  for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
    try {
      rmdirSync(join(root, folder));
    } catch (cause) {
      if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) return;
    }
  }
}

/** Moves files to where they belong: folders that are there already are filled, all others move as they are. */
function moveInto(source: string, target: string): void {
  for (const entry of readdirSync(source, { withFileTypes: true })) {
    const from = join(source, entry.name);
    const to = join(target, entry.name);
    // lstat, for a symbolic link that somebody put there meanwhile: a rename replaces it or fails, and never follows it.
    const isThere = lstatSync(to, { throwIfNoEntry: false })?.isDirectory() === true;
    if (entry.isDirectory() && isThere) moveInto(from, to);
    else renameSync(from, to);
  }
}
