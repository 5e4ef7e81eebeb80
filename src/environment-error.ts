const EXPLAINED: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EACCES: 'may not be accessed by this user',
  EPERM: 'may not be changed by this user',
  EISDIR: 'is a directory',
  ENOTDIR: 'lies below something that is no directory',
  EEXIST: 'is in the way: it is no directory',
  ENOSPC: 'cannot be written: the disk is full',
  EROFS: 'lies on a read-only file system',
  ELOOP: 'is a symbolic link that leads in a circle',
  ENAMETOOLONG: 'has too long a name',
};

/** Something outside the model keeps the command from working: exit code 3. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';

  /** The same error in the words of the user, or the cause itself where it is no file system error. */
  static from(cause: unknown, file: string): unknown {
    if (!(cause instanceof Error) || cause instanceof EnvironmentError) return cause;
    const code = 'code' in cause ? String(cause.code) : '';
    const reason = EXPLAINED[code];
    return reason === undefined ? cause : new EnvironmentError(`${file} ${reason}`, { cause });
  }
}
