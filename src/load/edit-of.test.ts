import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { isCollection, parse, parseDocument } from 'yaml';
import { inProject } from '../../test/support/paths.ts';
import type { Finding, Fix, Path } from '../diagnostics/diagnostic.ts';
import { applyEdits } from './apply-edits.ts';
import { parseModel } from './load-model.ts';

interface Change extends Pick<Finding, 'part'> {
  readonly at: Path;
  readonly fix: Fix;
}

/** A text with what is found in it put right, or undefined where no edit does that. */
function fixed(text: string, { at, fix, part }: Change): string | undefined {
  const { document } = parseModel('x.yaml', Buffer.from(text));
  const finding = { rule: 'r', message: 'm', at, fix, ...(part === undefined ? {} : { part }) };
  const edit = document?.locate(finding).edit;
  return edit === undefined ? undefined : applyEdits(text, [edit]).text;
}

describe('a value that is written in place of another', () => {
  it.each<
    [
      what: string,
      text: string,
      change: Omit<Change, 'fix'>,
      write: string | number | boolean,
      expected: string,
    ]
  >([
    [
      'as plain as it was',
      'a: { b: lb1, c: x } # y\n',
      { at: ['a', 'b'] },
      'lb2',
      'a: { b: lb2, c: x } # y\n',
    ],
    ['in its double quotes', 'a: "lb1"\n', { at: ['a'] }, 'lb2', 'a: "lb2"\n'],
    ['in its single quotes', "a: 'lb1'\n", { at: ['a'] }, "it's", "a: 'it''s'\n"],
    ['over several lines', 'a: "lb\n  1"\nb: 2\n', { at: ['a'] }, 'lb2', 'a: "lb2"\nb: 2\n'],
    [
      'a name of a key',
      'a: { netwrok: kube }\n',
      { at: ['a', 'netwrok'], part: 'key' },
      'network',
      'a: { network: kube }\n',
    ],
    [
      'a name of a key in quotes',
      '{ "netwrok":1 }\n',
      { at: ['netwrok'], part: 'key' },
      'network',
      '{ "network":1 }\n',
    ],
    ['an item of a list', 'a: [x, y]\n', { at: ['a', 1] }, 'z', 'a: [x, z]\n'],
    ['an item by its name', 'a:\n- 80\n- 22\n', { at: ['a', '22'] }, 23, 'a:\n- 80\n- 23\n'],
    ['a number without quotes', 'a: "6443"\n', { at: ['a'] }, 6443, 'a: 6443\n'],
    ['true', 'a: yes\n', { at: ['a'] }, true, 'a: true\n'],
    ['a text of digits, in quotes', 'a: 2024\n', { at: ['a'] }, '2024', 'a: "2024"\n'],
    ['a word that YAML 1.1 takes for a truth value, in quotes', 'a: ON\n', { at: ['a'] }, 'on', 'a: "on"\n'],
    ['a text that is no word, in quotes', 'a: x\n', { at: ['a'] }, 'b, c: d', 'a: "b, c: d"\n'],
  ])('is %s', (_what, text, change, write, expected) => {
    expect(fixed(text, { ...change, fix: { write } })).toBe(expected);
  });

  it('can be a list of it', () => {
    expect(fixed('{ a: lb1, b: 2 }', { at: ['a'], fix: { write: ['lb1'] } })).toBe('{ a: [lb1], b: 2 }');
    expect(fixed('a: "on"\n', { at: ['a'], fix: { write: ['on', 80] } })).toBe('a: ["on", 80]\n');
  });

  it.each<[what: string, text: string, at: Path, write: string]>([
    ['a number that is written in another way', 'a: 1.0\n', ['a'], '1'],
    ['a text of several lines', 'a: |\n  x\n', ['a'], 'y'],
    ['a map', 'a: { b: 1 }\n', ['a'], 'y'],
    ['a value that an alias brings', 'a: &x { b: 1 }\nc: *x\n', ['c', 'b'], 'y'],
    ['a value that an alias brings elsewhere', 'a: &x { b: q }\nc: *x\n', ['a', 'b'], 'y'],
    ['a value that is marked itself', 'a: &x q\nc: *x\n', ['a'], 'y'],
    ['something that is not there', 'a: { b: 1 }\n', ['a', 'c'], 'y'],
  ])('is not written for %s', (_what, text, at, write) => {
    expect(fixed(text, { at, fix: { write } })).toBeUndefined();
  });
});

const FLOWS = ['firewall', 'flows'];

describe('an entry that is taken out', () => {
  it.each<[what: string, text: string, at: Path, expected: string]>([
    ['the first in brackets', 'a: [x, y, z]\n', ['a', 0], 'a: [y, z]\n'],
    ['the last in brackets', 'a: [ x, y ]\n', ['a', 1], 'a: [ x ]\n'],
    ['the last before a comma', 'a: [\n  x,\n  y,\n]\n', ['a', 1], 'a: [\n  x,\n]\n'],
    ['one in braces', 'a: { x: 1, y: [2, 3], z: 4 }\n', ['a', 'y'], 'a: { x: 1, z: 4 }\n'],
    ['one of a block', 'a:\n  x: 1\n  y: 2 # why\n  z: 3\n', ['a', 'y'], 'a:\n  x: 1\n  z: 3\n'],
    ['one of several lines', 'a:\n  - x: 1\n    y: 2\n    # z: 3\n  - x: 4\n', ['a', 0], 'a:\n  - x: 4\n'],
    ['a text of several lines', 'a:\n  x: |\n    1\n\n    2\n  y: 3\n', ['a', 'x'], 'a:\n  y: 3\n'],
    ['with the end of lines of its file', 'a:\r\n  - x # 1\r\n  - y\r\n', ['a', 0], 'a:\r\n  - y\r\n'],
    ['at the end of a file without one', 'a:\n  - x\n  - y', ['a', 1], 'a:\n  - x\n'],
    ['without its hyphen further in', 'a:\n- x\n- y\nb: 1\n', ['a', 1], 'a:\n- x\nb: 1\n'],
    ['with a comment about it', 'a:\n  # of x\n  - x\n  # of y\n  - y\n', ['a', 0], 'a:\n  # of y\n  - y\n'],
    ['with a comment between others', 'a:\n  - x\n  # of y\n  - y\n  - z\n', ['a', 1], 'a:\n  - x\n  - z\n'],
    ['without one about all', 'a:\n  # of all\n  - x\n  - y\n', ['a', 0], 'a:\n  # of all\n  - y\n'],
    [
      'without one about those that follow',
      'a:\n  - w\n\n  # of x, y\n  - x\n  - y\n',
      ['a', 1],
      'a:\n  - w\n\n  # of x, y\n  - y\n',
    ],
    ['without one about the file', '# the file\na: 1\n\nb: 2\n', ['a'], '# the file\n\nb: 2\n'],
    ['with one of two empty lines', 'a: 1\n\nb: 2\n\nc: 3\n', ['b'], 'a: 1\n\nc: 3\n'],
    ['with the empty line above it at the end', 'a: 1\n\nb:\n  - 2\n', ['b', 0], 'a: 1\n'],
    [
      'and with it all that held it alone',
      'firewall:\n  flows:\n    # x\n    - { to: y }\nverify: []\n',
      [...FLOWS, 0],
      'verify: []\n',
    ],
    [
      'and with it what held it in braces',
      'x: { firewall: { flows: [{ to: y }] }, z: 1 }\n',
      ['x', ...FLOWS, 0],
      'x: { z: 1 }\n',
    ],
  ])('is %s', (_what, text, at, expected) => {
    expect(fixed(text, { at, fix: 'remove' })).toBe(expected);
  });

  it.each<[what: string, text: string, at: Path]>([
    ['holds an anchor', 'a: [{ b: &x 1 }, 2]\nc: *x\n', ['a', 0]],
    ['is meant in another place, too', 'a: &x [1, 2]\nc: *x\n', ['a', 0]],
    ['shares its line with another', 'a:\n  - - x\n    - y\n', ['a', 0, 0]],
    ['stands behind the hyphen of another', 'a:\n  - x: 1\n    y: 2\n', ['a', 0, 'x']],
    ['has a comment between it and its comma', 'a: [x, # of x\n  y]\n', ['a', 0]],
    ['is all that there is', 'a: [x]\n', ['a', 0]],
  ])('stays where it %s', (_what, text, at) => {
    expect(fixed(text, { at, fix: 'remove' })).toBeUndefined();
  });
});

/** Each entry of some data, with its path. */
function entriesOf(data: unknown, path: Path = []): Path[] {
  if (data === null || typeof data !== 'object') return [];
  const keys: (string | number)[] = Array.isArray(data) ? [...data.keys()] : Object.keys(data);
  return keys.flatMap((key) => {
    const at = [...path, key];
    return [at, ...entriesOf((data as Record<string | number, unknown>)[key], at)];
  });
}

/** The data without an entry, and without what held it alone. */
function without(yaml: string, path: Path): unknown {
  const document = parseDocument(yaml);
  for (let at = path; at.length > 0; at = at.slice(0, -1)) {
    document.deleteIn(at);
    const around = document.getIn(at.slice(0, -1), true);
    if (!isCollection(around) || around.items.length > 0) return document.toJS();
  }
  return undefined;
}

/** The first key behind a hyphen, which is taken out by hand: the next one would have to take its place. */
function isBehindHyphen(data: unknown, at: Path): boolean {
  const around = at.slice(0, -1).reduce((value, step) => Object(value)[step], data);
  return typeof at.at(-2) === 'number' && Object.keys(Object(around))[0] === at.at(-1);
}

describe.each(['cluster.yaml', 'examples/ha-pair/cluster.yaml'])('in %s', (file) => {
  const text = readFileSync(inProject(file), 'utf8');
  const data: unknown = parse(text);
  // Each takes a reading of the whole text.
  const paths = entriesOf(data).filter((_, index) => index % 3 === 0);

  it('every third entry can be taken out, and all else stays', () => {
    const wrong = paths.filter((at) => {
      const left = fixed(text, { at, fix: 'remove' });
      if (left === undefined) return !isBehindHyphen(data, at);
      return !isDeepStrictEqual(parse(left), without(text, at));
    });
    expect(paths.length).toBeGreaterThan(20);
    expect(wrong).toEqual([]);
  });

  it('every third text can be another one, and all else stays', () => {
    const document = parseDocument(text);
    const texts = paths.filter((at) => typeof document.getIn(at) === 'string');
    const wrong = texts.filter((at) => {
      const changed = fixed(text, { at, fix: { write: 'yes, or: no' } });
      const expected = parseDocument(text);
      expected.setIn(at, 'yes, or: no');
      return changed === undefined || !isDeepStrictEqual(parse(changed), expected.toJS());
    });
    expect(texts.length).toBeGreaterThan(20);
    expect(wrong).toEqual([]);
  });
});
