import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { EnvironmentError } from '../environment-error.ts';

/**
 * Gives a file another content at once, or leaves it as it is: also where it no longer is what was read before. Its mode
 * and owner stay, and a symbolic link leads where it led.
 * @throws EnvironmentError when it cannot be written, or was changed meanwhile.
 */
export function replaceFile(
  file: string,
  { before, after }: { readonly before: Uint8Array; readonly after: Uint8Array },
): void {
  try {
    const target = realpathSync(file);
    const known = statSync(target);
    // A file that may not be written could still be replaced where its folder may.
    closeSync(openSync(target, 'r+'));
    if (known.nlink > 1)
      throw new EnvironmentError(`${file} has ${known.nlink} names; only one would be changed`);
    const staged = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
    try {
      stage(staged, after, known);
      if (!readFileSync(target).equals(before))
        throw new EnvironmentError(`${file} was changed meanwhile; it is left as it is`);
      renameSync(staged, target);
    } catch (cause) {
      rmSync(staged, { force: true });
      throw cause;
    }
  } catch (cause) {
    throw EnvironmentError.from(cause, file);
  }
}

function stage(staged: string, content: Uint8Array, { mode, uid, gid }: Stats): void {
  const descriptor = openSync(staged, 'wx', 0o600);
  try {
    writeFileSync(descriptor, content);
    const made = statSync(staged);
    if (made.uid !== uid || made.gid !== gid) fchownSync(descriptor, uid, gid);
    fchmodSync(descriptor, mode & 0o7777);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
