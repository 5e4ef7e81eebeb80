import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DiskEntry } from '../plan/plan-changes.ts';
import { finalManifest, pendingManifest, readManifest, sha256 } from './manifest.ts';

/** SHA-256 of "abc" (FIPS 180-2, appendix B.1). */
const ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
const file: DiskEntry = { kind: 'file', sha256: '' };

describe('a manifest', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'gen-infra-manifest-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function read(text: string) {
    writeFileSync(join(root, '.gen-infra.json'), text);
    return readManifest(root, file);
  }
  const readFiles = (files: object, rest: object = {}) =>
    read(JSON.stringify({ version: 1, generator: '1.0.0', files, ...rest }));
  const knownOf = (files: object, rest: object = {}) =>
    Object.fromEntries([...readFiles(files, rest).known].map(([path, hashes]) => [path, [...hashes]]));

  it('says what the build wrote, and by which version', () => {
    expect(finalManifest([{ path: 'a/b.txt', content: 'abc' }], '1.2.3')).toBe(
      `{\n  "version": 1,\n  "generator": "1.2.3",\n  "files": {\n    "a/b.txt": "${ABC}"\n  }\n}\n`,
    );
  });

  it('names what is there and what will be while a build writes', () => {
    const disk = {
      known: new Map([
        ['kept', new Set([ABC])],
        ['changed by hand', new Set([ABC])],
        ['gone', new Set([ABC])],
      ]),
      entries: new Map<string, DiskEntry>([
        ['kept', { kind: 'file', sha256: ABC }],
        ['changed by hand', { kind: 'file', sha256: 'other' }],
        ['gone', { kind: 'absent' }],
        ['unknown', { kind: 'file', sha256: ABC }],
      ]),
    };
    const manifest: unknown = JSON.parse(pendingManifest([{ path: 'new', content: 'abc' }], disk, '1.2.3'));
    expect(manifest).toEqual({
      version: 1,
      generator: '1.2.3',
      files: { kept: ABC },
      pending: { new: ABC },
    });
  });

  it('is read back with the hashes of both builds', () => {
    expect(knownOf({ a: '1', b: '1' }, { pending: { b: '2', c: '2' } })).toEqual({
      a: ['1'],
      b: ['1', '2'],
      c: ['2'],
    });
  });

  it('that is not there knows nothing', () => {
    expect(readManifest(root, { kind: 'absent' })).toEqual({ known: new Map(), isReadable: true });
  });

  it('that is a link is not read', () => {
    expect(readManifest(root, { kind: 'foreign', what: 'is a symbolic link' }).known.size).toBe(0);
  });

  it.each([
    ['an absolute path', '/etc/passwd'],
    ['a path that leads out', '../outside'],
    ['a path that leads out from within', 'a/../../outside'],
    ['a path through its own folder', './a'],
    ['an empty path', ''],
    ['a path with an empty part', 'a//b'],
    ['a folder', 'a/'],
    ['a path in the form of Windows', 'a\\..\\..\\outside'],
    ['a path with a NUL', 'a\0b'],
    ['the manifest itself', '.gen-infra.json'],
    ['the lock of a build', '.gen-infra.lock.host.1.2.0123abcd'],
    ['a name that is longer than files can have', 'ü'.repeat(128)],
    ['a path that is longer than a system takes', `${'folder/'.repeat(200)}x`],
    ['what a build has staged', '.gen-infra.tmp/files/a'],
  ])('has %s passed over', (_name, path) => {
    expect(knownOf({ [path]: ABC, fine: ABC }, { pending: { [path]: ABC } })).toEqual({ fine: [ABC] });
  });

  it.each(['.gitignore', '...', 'a/..b/c', '__proto__', 'a b/ü'])('knows the path %s', (path) => {
    expect(knownOf(JSON.parse(`{ ${JSON.stringify(path)}: "1" }`))).toEqual(
      Object.fromEntries([[path, ['1']]]),
    );
  });

  it.each([
    ['is empty', ''],
    ['is no JSON', 'files: {}\n'],
    ['is cut off', '{ "version": 1, "files": { "a": "1"'],
    [
      'has the marks of a merge conflict',
      `{\n  "version": 1,\n<<<<<<< HEAD\n  "files": { "a": "1" }\n=======\n  "files": { "a": "2" }\n>>>>>>> branch\n}\n`,
    ],
    ['is a list', '[]'],
    ['is null', 'null'],
    ['is a number', '1'],
    ['has no files', '{ "version": 1 }'],
    ['has files that are no map', '{ "version": 1, "files": "a" }'],
    ['is of a later version', '{ "version": 2, "files": { "a": "1" } }'],
  ])('that %s knows nothing, and says that it is damaged', (_name, text) => {
    expect(read(text)).toEqual({ known: new Map(), text, isReadable: false });
  });

  it('has hashes that are no text passed over', () => {
    expect(knownOf({ a: 1, b: null, c: ['1'], d: '1' }, { pending: ['x'] })).toEqual({ 0: ['x'], d: ['1'] });
  });

  it('that cannot be read is a fault of the environment', () => {
    mkdirSync(join(root, '.gen-infra.json'));
    expect(() => readManifest(root, file)).toThrow(/\.gen-infra\.json is a directory$/);
  });

  it('has the hash of a text in UTF-8', () => {
    expect(sha256('abc')).toBe(ABC);
    expect(sha256(Buffer.from([0xc3, 0xbc]))).toBe(sha256('ü'));
  });
});
