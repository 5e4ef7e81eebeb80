import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EnvironmentError } from '../environment-error.ts';
import type { Disk, DiskEntry, KnownHashes } from '../plan/plan-changes.ts';
import type { Artifact } from '../render/render-artifacts.ts';

/** The name of the manifest in the output directory. */
export const MANIFEST = '.gen-infra.json';

/** What a manifest says of earlier builds. */
export interface KnownFiles {
  readonly known: KnownHashes;
  /** The manifest as it stands there; undefined where there is none. */
  readonly text?: string;
  /** False for a manifest that is no manifest: then no file is known, and none is overwritten. */
  readonly isReadable: boolean;
}

export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The manifest that a build with these artifacts leaves. */
export function finalManifest(artifacts: readonly Artifact[], generator: string): string {
  return manifestText({ generator, files: hashesOf(artifacts) });
}

/** The manifest while a build writes: it knows each file as it was and as it will be. */
export function pendingManifest(artifacts: readonly Artifact[], disk: Disk, generator: string): string {
  return manifestText({ generator, files: untouchedFiles(disk), pending: hashesOf(artifacts) });
}

/**
 * Reads the manifest of an output directory, which can come from anywhere: a path that leads out of the directory or
 * to a build's own files is not taken over.
 */
export function readManifest(root: string, entry: DiskEntry): KnownFiles {
  if (entry.kind !== 'file') return { known: new Map(), isReadable: true };
  const text = readText(join(root, MANIFEST));
  const manifest = parse(text);
  if (manifest === undefined) return { known: new Map(), text, isReadable: false };
  const known = new Map<string, Set<string>>();
  for (const [path, hash] of [...entriesOf(manifest.files), ...entriesOf(manifest.pending)]) {
    if (isSafePath(path)) known.set(path, (known.get(path) ?? new Set()).add(hash));
  }
  return { known, text, isReadable: true };
}

/** In the form that prettier keeps. */
function manifestText(manifest: object): string {
  return `${JSON.stringify({ version: 1, ...manifest }, null, 2)}\n`;
}

function hashesOf(artifacts: readonly Artifact[]): Record<string, string> {
  return Object.fromEntries(artifacts.map(({ path, content }) => [path, sha256(content)]));
}

/** What earlier builds left on the disk and nobody has changed. */
function untouchedFiles({ known, entries }: Disk): Record<string, string> {
  const own = [...entries].flatMap(([path, entry]): [string, string][] =>
    entry.kind === 'file' && known.get(path)?.has(entry.sha256) ? [[path, entry.sha256]] : [],
  );
  return Object.fromEntries(own);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw EnvironmentError.from(cause, file);
  }
}

/** Undefined for what is no manifest: full of a merge's conflict marks, say, or of a later form. */
function parse(text: string): { readonly files: object; readonly pending?: unknown } | undefined {
  try {
    const manifest: unknown = JSON.parse(text);
    if (!isObject(manifest) || !('version' in manifest) || manifest.version !== 1) return undefined;
    return 'files' in manifest && isObject(manifest.files)
      ? { ...manifest, files: manifest.files }
      : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is object {
  return value !== null && typeof value === 'object';
}

function entriesOf(map: unknown): [string, string][] {
  if (!isObject(map)) return [];
  return Object.entries(map).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
}

/** Whether a build can have written there. The limits are those of Linux (limits.h: NAME_MAX; a quarter of PATH_MAX). */
function isSafePath(path: string): boolean {
  if (path.length > 1024 || /[\\\0]/.test(path) || path.startsWith('.gen-infra.')) return false;
  return path
    .split('/')
    .every((part) => part !== '' && part !== '.' && part !== '..' && Buffer.byteLength(part) <= 255);
}
