import { describe, expect, it } from 'vitest';
import { type DiskEntry, isUpToDate, type Plan, planChanges } from './plan-changes.ts';

/** In these tests a file's content is its hash. */
const file = (content: string): DiskEntry => ({ kind: 'file', sha256: content });
const link: DiskEntry = { kind: 'foreign', what: 'is a symbolic link' };

interface Case {
  readonly name: string;
  /** What the build makes of the one path; nothing where it no longer belongs to the output. */
  readonly made?: string;
  /** The hashes in the manifest. */
  readonly known?: readonly string[];
  readonly disk?: DiskEntry;
  readonly force?: boolean;
  readonly expected: string;
}

const cases: readonly Case[] = [
  { name: 'a missing file is created', made: 'new', expected: 'create' },
  { name: 'a file that was removed by hand is created', made: 'new', known: ['old'], expected: 'create' },
  {
    name: 'a file of the last build is updated',
    made: 'new',
    known: ['old'],
    disk: file('old'),
    expected: 'update',
  },
  {
    name: 'a file of either of two builds is updated',
    made: 'new',
    known: ['older', 'old'],
    disk: file('old'),
    expected: 'update',
  },
  {
    name: 'a file that is as it should be is left',
    made: 'new',
    known: ['new'],
    disk: file('new'),
    expected: 'unchanged',
  },
  {
    name: 'the same file made by somebody else is adopted',
    made: 'new',
    disk: file('new'),
    expected: 'unchanged',
  },
  { name: 'a file of nobody knows whom is a conflict', made: 'new', disk: file('x'), expected: 'conflict' },
  {
    name: 'a file that was changed by hand is a conflict',
    made: 'new',
    known: ['old'],
    disk: file('x'),
    expected: 'conflict',
  },
  {
    name: 'force overwrites what nobody knows',
    made: 'new',
    disk: file('x'),
    force: true,
    expected: 'overwrite',
  },
  {
    name: 'force overwrites what was changed by hand',
    made: 'new',
    known: ['old'],
    disk: file('x'),
    force: true,
    expected: 'overwrite',
  },
  {
    name: 'force calls the update of an untouched file no overwriting',
    made: 'new',
    known: ['old'],
    disk: file('old'),
    force: true,
    expected: 'update',
  },
  { name: 'a symbolic link is a conflict', made: 'new', known: ['old'], disk: link, expected: 'conflict' },
  { name: 'force overwrites no symbolic link', made: 'new', disk: link, force: true, expected: 'conflict' },
  { name: 'an orphan that nobody changed is deleted', known: ['old'], disk: file('old'), expected: 'delete' },
  { name: 'an orphan that was changed by hand is kept', known: ['old'], disk: file('x'), expected: 'keep' },
  {
    name: 'force keeps a changed orphan too',
    known: ['old'],
    disk: file('x'),
    force: true,
    expected: 'keep',
  },
  { name: 'an orphan that is a link by now is kept', known: ['old'], disk: link, expected: 'keep' },
  { name: 'an orphan that is gone is nothing to do', known: ['old'], expected: 'nothing' },
  { name: "a file that no manifest knows is nobody's business", disk: file('x'), expected: 'nothing' },
];

const path = 'ansible/ansible.cfg';

function plan({ made, known, disk, force = false }: Case): Plan {
  return planChanges(
    made === undefined ? [] : [{ path, content: made, sha256: made }],
    {
      known: new Map(known === undefined ? [] : [[path, new Set(known)]]),
      entries: new Map(disk === undefined ? [] : [[path, disk]]),
    },
    { force },
  );
}

/** The one list of a plan that is not empty. */
function verdict(made: Plan): string {
  const lists = Object.entries(made).filter(([, list]) => list.length > 0);
  expect(lists.length).toBeLessThanOrEqual(1);
  const [name = 'nothing'] = lists[0] ?? [];
  return name === 'conflicts' ? 'conflict' : name;
}

describe('planChanges', () => {
  it.each(cases)('$name', (example) => {
    expect(verdict(plan(example))).toBe(example.expected);
  });

  it.each(cases)('needs no build exactly where there is nothing to do: $name', (example) => {
    const isDone = ['unchanged', 'keep', 'nothing'].includes(example.expected);
    expect(isUpToDate(plan(example))).toBe(isDone);
  });

  it('tells a changed file from one that no build wrote', () => {
    const reasonOf = (example: Omit<Case, 'name' | 'expected'>) =>
      plan({ name: '', expected: '', ...example }).conflicts.map(({ reason }) => reason);
    expect(reasonOf({ made: 'new', known: ['old'], disk: file('x') })).toEqual(['was changed by hand']);
    expect(reasonOf({ made: 'new', disk: file('x') })).toEqual(['was not written by a build']);
    expect(reasonOf({ made: 'new', disk: link })).toEqual(['is a symbolic link']);
  });

  it('lists every conflict, also those that force would overwrite beside those that it would not', () => {
    const made = ['a', 'b', 'c'].map((name) => ({ path: name, content: 'new', sha256: 'new' }));
    const entries = new Map([
      ['a', file('x')],
      ['b', link],
      ['c', file('y')],
    ]);
    const { conflicts } = planChanges(made, { known: new Map(), entries }, { force: false });
    expect(conflicts.map((conflict) => conflict.path)).toEqual(['a', 'b', 'c']);
    const forced = planChanges(made, { known: new Map(), entries }, { force: true });
    expect(forced.conflicts.map((conflict) => conflict.path)).toEqual(['b']);
    expect(forced.overwrite.map((overwritten) => overwritten.path)).toEqual(['a', 'c']);
  });
});
