import { lstatSync, readFileSync, type Stats } from 'node:fs';
import { join, resolve } from 'node:path';
import { EnvironmentError } from '../environment-error.ts';
import type { DiskEntry } from '../plan/plan-changes.ts';
import { sha256 } from './manifest.ts';

/** What is at each of these paths below a directory. Nothing outside the directory is looked at. */
export function readDisk(root: string, paths: Iterable<string>): Map<string, DiskEntry> {
  const folders = new Map<string, DiskEntry | 'folder'>();
  return new Map([...paths].map((path) => [path, readEntry(root, path, folders)]));
}

/**
 * Refuses an output directory that is a symbolic link: one that comes with a repository can lead anywhere.
 * @throws EnvironmentError when it is one.
 */
export function refuseLinkedRoot(root: string): void {
  if (statOf(resolve(root))?.isSymbolicLink() === true)
    throw new EnvironmentError(`${root} is a symbolic link: name the directory that it leads to`);
}

function readEntry(root: string, path: string, folders: Map<string, DiskEntry | 'folder'>): DiskEntry {
  const parts = path.split('/');
  for (let depth = 1; depth < parts.length; depth += 1) {
    const folder = parts.slice(0, depth).join('/');
    const entry = folders.get(folder) ?? readFolder(root, folder);
    folders.set(folder, entry);
    if (entry !== 'folder') return entry;
  }
  const stat = statOf(join(root, path));
  if (stat === undefined) return { kind: 'absent' };
  if (!stat.isFile()) return { kind: 'foreign', what: `is ${nameOf(stat)}` };
  try {
    return { kind: 'file', sha256: sha256(readFileSync(join(root, path))) };
  } catch (cause) {
    throw EnvironmentError.from(cause, join(root, path));
  }
}

function readFolder(root: string, folder: string): DiskEntry | 'folder' {
  const stat = statOf(join(root, folder));
  if (stat === undefined) return { kind: 'absent' };
  return stat.isDirectory()
    ? 'folder'
    : { kind: 'foreign', what: `lies below ${folder}, which is ${nameOf(stat)}` };
}

function statOf(file: string): Stats | undefined {
  try {
    return lstatSync(file, { throwIfNoEntry: false });
  } catch (cause) {
    throw EnvironmentError.from(cause, file);
  }
}

function nameOf(stat: Stats): string {
  if (stat.isSymbolicLink()) return 'a symbolic link';
  if (stat.isDirectory()) return 'a directory';
  return stat.isFile() ? 'a file' : 'no ordinary file';
}
