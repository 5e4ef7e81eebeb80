import { accessSync, constants, existsSync, lstatSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EnvironmentError } from '../environment-error.ts';
import type { Artifact } from '../render/render-artifacts.ts';

/** The folder in the output directory where a build puts together what it will write. */
export const STAGING = '.gen-infra.tmp';

/** The new files in their folders, and the manifests that stand while they are moved and after. */
export interface Staged {
  readonly files: string;
  readonly pending: string;
  readonly final: string;
}

interface Content {
  readonly written: readonly Artifact[];
  readonly pending: string;
  readonly final: string;
}

/**
 * Writes all that a build will need, so that what is left is to move and to remove files: that takes no space.
 * @throws EnvironmentError when it cannot be written, or could not be moved into place.
 */
export function stage(root: string, { written, pending, final }: Content): Staged {
  const folder = join(root, STAGING);
  const staged = {
    files: join(folder, 'files'),
    pending: join(folder, 'pending'),
    final: join(folder, 'final'),
  };
  try {
    mkdirSync(staged.files, { recursive: true });
    checkFolders(root, written);
    for (const { path, content } of written) {
      mkdirSync(join(staged.files, dirname(path)), { recursive: true });
      writeFileSync(join(staged.files, path), content);
    }
    writeFileSync(staged.pending, pending);
    writeFileSync(staged.final, final);
    return staged;
  } catch (cause) {
    throw EnvironmentError.from(cause, root);
  }
}

/** Removes what is staged, by this build or by one that was killed. */
export function removeStaged(root: string): void {
  rmSync(join(root, STAGING), { recursive: true, force: true });
}

/** A file is moved, so its folder has to be writable, and on the file system of the staged file (rename(2), EXDEV). */
function checkFolders(root: string, written: readonly Artifact[]): void {
  const { dev } = lstatSync(join(root, STAGING));
  for (const folder of new Set(written.map(({ path }) => existingFolder(root, dirname(path))))) {
    if (lstatSync(folder).dev !== dev)
      throw new EnvironmentError(`${folder} lies on another file system than ${root}`);
    try {
      accessSync(folder, constants.W_OK | constants.X_OK);
    } catch (cause) {
      throw EnvironmentError.from(cause, folder);
    }
  }
}

function existingFolder(root: string, folder: string): string {
  const path = join(root, folder);
  return folder === '.' || existsSync(path) ? path : existingFolder(root, dirname(folder));
}
