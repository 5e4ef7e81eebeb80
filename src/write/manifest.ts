import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KnownHashes } from '../plan/plan-changes.ts';

/** The name of the manifest in the output directory. */
export const MANIFEST = '.gen-infra.json';

/** What the last build wrote, as the manifest says; `pending` is there while a build is writing. */
interface Manifest {
  readonly version: 1;
  readonly generator: string;
  readonly files: Readonly<Record<string, string>>;
  readonly pending?: Readonly<Record<string, string>>;
}

export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The manifest's text, in the form that prettier keeps. */
export function manifestText(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** The hashes of earlier builds in an output directory; none where there is no manifest or no readable one. */
export function readKnownHashes(root: string): KnownHashes {
  const known = new Map<string, Set<string>>();
  const { files, pending } = parseManifest(root);
  for (const [path, hash] of [...entriesOf(files), ...entriesOf(pending)]) {
    if (!isSafePath(path)) continue;
    const hashes = known.get(path) ?? new Set();
    known.set(path, hashes.add(hash));
  }
  return known;
}

/** Whether the manifest says exactly this. */
export function isManifest(root: string, text: string): boolean {
  try {
    return readFileSync(join(root, MANIFEST), 'utf8') === text;
  } catch {
    return false;
  }
}

function parseManifest(root: string): { files?: unknown; pending?: unknown } {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(root, MANIFEST), 'utf8'));
    return manifest !== null && typeof manifest === 'object' ? manifest : {};
  } catch {
    // None yet, or cut off, or full of a merge's conflict marks: then no file is known, and none is overwritten.
    return {};
  }
}

function entriesOf(map: unknown): [string, string][] {
  if (map === null || typeof map !== 'object') return [];
  return Object.entries(map).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
}

/** A manifest can come from anywhere: its paths have to stay below the output directory. */
function isSafePath(path: string): boolean {
  if (path.includes('\\') || path.includes('\0')) return false;
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..') && path !== MANIFEST;
}
