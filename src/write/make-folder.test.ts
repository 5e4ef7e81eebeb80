import { lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFolder } from './make-folder.ts';

describe('makeFolder', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'gen-infra-folder-'));
    mkdirSync(join(root, 'folder'));
    writeFileSync(join(root, 'file'), '');
    symlinkSync('folder', join(root, 'link'));
    symlinkSync('nowhere', join(root, 'dangling'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it.each(['folder', 'new', 'new/a/b', 'folder/a/', 'link/a', '.', ''])('makes "%s"', (path) => {
    makeFolder(join(root, path));
    expect(lstatSync(join(root, path)).isDirectory()).toBe(true);
    makeFolder(join(root, path));
  });

  it.each([
    ['file', 'EEXIST'],
    ['file/a/b', 'ENOTDIR'],
    ['dangling', 'EEXIST'],
    ['dangling/a', 'EEXIST'],
    ['x'.repeat(300), 'ENAMETOOLONG'],
  ])('cannot make "%s"', (path, code) => {
    expect(() => makeFolder(join(root, path))).toThrow(expect.objectContaining({ code }));
  });

  it.each(['/proc/gen-infra', '/proc/gen-infra/a', '/', '.'])('comes to an end for %s', (path) => {
    const isThere = path === '/' || path === '.';
    if (isThere) expect(() => makeFolder(path)).not.toThrow();
    else expect(() => makeFolder(path)).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  });
});
