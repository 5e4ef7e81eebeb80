import { mkdirSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EnvironmentError } from '../environment-error.ts';
import type { Disk, Plan } from '../plan/plan-changes.ts';
import type { Artifact } from '../render/render-artifacts.ts';
import { MANIFEST, manifestText, sha256 } from './manifest.ts';

const STAGING = '.gen-infra.tmp';

/** The manifest that a build with these artifacts leaves. */
export function finalManifest(artifacts: readonly Artifact[], generator: string): string {
  return manifestText({ version: 1, generator, files: hashes(artifacts) });
}

/**
 * Makes the disk what the plan says. Whatever moment it is killed at, the manifest knows every file: all new contents
 * are staged first, then the manifest names old and new hashes, then files are renamed into place, and last the
 * manifest is the new one.
 * @throws EnvironmentError when the directory cannot be written; what was staged is removed then.
 */
export function applyPlan(
  root: string,
  plan: Plan,
  { disk, generator }: { readonly disk: Disk; readonly generator: string },
): void {
  const written = [...plan.create, ...plan.update];
  const all = [...written, ...plan.unchanged].sort((a, b) => (a.path < b.path ? -1 : 1));
  const staging = join(root, STAGING);
  try {
    rmSync(staging, { recursive: true, force: true });
    mkdirSync(staging);
    for (const [index, artifact] of written.entries())
      writeFileSync(join(staging, String(index)), artifact.content);
    replaceManifest(
      root,
      manifestText({ version: 1, generator, files: ownFiles(disk), pending: hashes(all) }),
    );
    for (const [index, { path }] of written.entries()) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      renameSync(join(staging, String(index)), join(root, path));
    }
    for (const path of plan.delete) removeFile(root, path);
    replaceManifest(root, finalManifest(all, generator));
  } catch (cause) {
    throw EnvironmentError.from(cause, root);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

function hashes(artifacts: readonly Artifact[]): Record<string, string> {
  return Object.fromEntries(artifacts.map(({ path, content }) => [path, sha256(content)]));
}

/** What earlier builds left on the disk and nobody has changed. */
function ownFiles({ known, entries }: Disk): Record<string, string> {
  const own = [...entries].flatMap(([path, entry]): [string, string][] =>
    entry.kind === 'file' && known.get(path)?.has(entry.sha256) ? [[path, entry.sha256]] : [],
  );
  return Object.fromEntries(own);
}

function replaceManifest(root: string, text: string): void {
  const staged = join(root, STAGING, 'manifest');
  writeFileSync(staged, text);
  renameSync(staged, join(root, MANIFEST));
}

/** Removes a file and the folders that are empty without it. */
function removeFile(root: string, path: string): void {
  rmSync(join(root, path), { force: true });
  for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) {
    try {
      rmdirSync(join(root, folder));
    } catch {
      return;
    }
  }
}
