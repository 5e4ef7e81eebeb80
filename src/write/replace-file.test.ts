import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EnvironmentError } from '../environment-error.ts';
import { replaceFile } from './replace-file.ts';

describe('a file that is replaced', () => {
  let folder: string;
  let file: string;
  const change = { before: Buffer.from('old'), after: Buffer.from('new') };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gen-infra-replace-'));
    file = join(folder, 'cluster.yaml');
    writeFileSync(file, 'old');
  });
  afterEach(() => {
    chmodSync(folder, 0o700);
    rmSync(folder, { recursive: true });
  });

  /** The error that keeps a file from being replaced; nothing is left beside it then. */
  function refusal(): string | undefined {
    const names = readdirSync(folder);
    try {
      replaceFile(file, change);
      return undefined;
    } catch (error) {
      expect(error).toBeInstanceOf(EnvironmentError);
      expect(readdirSync(folder)).toEqual(names);
      return error instanceof Error ? error.message.replace(folder, '') : undefined;
    }
  }

  it('has its new content, its old mode, and nothing beside it', () => {
    chmodSync(file, 0o664);
    expect(refusal()).toBeUndefined();
    expect(readFileSync(file, 'utf8')).toBe('new');
    expect(statSync(file).mode & 0o7777).toBe(0o664);
    expect(readdirSync(folder)).toEqual(['cluster.yaml']);
  });

  it('is another file at once, and not the same one cut short and written', () => {
    const { ino } = statSync(file);
    replaceFile(file, change);
    expect(statSync(file).ino).not.toBe(ino);
  });

  it.runIf(process.getuid?.() === 0)('belongs to whom it belonged', () => {
    chownSync(file, 1234, 2345);
    replaceFile(file, change);
    expect(statSync(file)).toMatchObject({ uid: 1234, gid: 2345 });
  });

  it('is the one that a symbolic link leads to, which stays a link', () => {
    mkdirSync(join(folder, 'real'));
    writeFileSync(join(folder, 'real', 'home.yaml'), 'old');
    rmSync(file);
    symlinkSync('real/home.yaml', file);
    replaceFile(file, change);
    expect(readlinkSync(file)).toBe('real/home.yaml');
    expect(readFileSync(join(folder, 'real', 'home.yaml'), 'utf8')).toBe('new');
    expect(readdirSync(join(folder, 'real'))).toEqual(['home.yaml']);
  });

  it('stays as it is where somebody changed it meanwhile', () => {
    writeFileSync(file, 'newer');
    expect(refusal()).toBe('/cluster.yaml was changed meanwhile; it is left as it is');
    expect(readFileSync(file, 'utf8')).toBe('newer');
  });

  it('stays as it is where it has another name', () => {
    linkSync(file, join(folder, 'other.yaml'));
    expect(refusal()).toBe('/cluster.yaml has 2 names; only one would be changed');
    expect(readFileSync(file, 'utf8')).toBe('old');
  });

  it('is not made where it is gone', () => {
    rmSync(file);
    expect(refusal()).toBe('/cluster.yaml does not exist');
  });

  it('stays as it is where it may not be written, though its folder may', () => {
    // Somebody else gets to it only where no folder on the way is root's alone.
    rmSync(folder, { recursive: true });
    folder = mkdtempSync('/tmp/gen-infra-replace-');
    file = join(folder, 'cluster.yaml');
    writeFileSync(file, 'old', { mode: 0o444 });
    chmodSync(folder, 0o777);
    expect(asNobody(refusal)).toBe('/cluster.yaml may not be accessed by this user');
    expect(readFileSync(file, 'utf8')).toBe('old');
  });
});

/** Root may do everything, so for a moment the process is somebody else. */
function asNobody<T>(work: () => T): T {
  if (process.getuid?.() !== 0) return work();
  process.seteuid?.(65_534);
  try {
    return work();
  } finally {
    process.seteuid?.(0);
  }
}
