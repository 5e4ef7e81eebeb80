import { describe, expect, it } from 'vitest';
import type { Plan } from '../plan/plan-changes.ts';
import { conflictDiagnostics, staleDiagnostics, warnings } from './output-diagnostics.ts';

const NOTHING: Plan = {
  create: [],
  update: [],
  overwrite: [],
  unchanged: [],
  delete: [],
  keep: [],
  conflicts: [],
};
const found = (plan: Partial<Plan>, rest = { isCurrent: false, isManifestReadable: true }) => ({
  plan: { ...NOTHING, ...plan },
  before: new Map<string, string>(),
  ...rest,
});
const file = (path: string) => ({ path, content: '' });
const fileOf = (path: string) => `out/${path}`;
const byHand = { path: 'a', reason: 'was changed by hand', isForceable: true };
const link = { path: 'b', reason: 'is a symbolic link', isForceable: false };

describe('what is said of an output directory', () => {
  it('is nothing where nothing is to do', () => {
    const current = found({}, { isCurrent: true, isManifestReadable: true });
    expect([
      conflictDiagnostics(current, fileOf),
      staleDiagnostics(current, fileOf),
      warnings(current, fileOf),
    ]).toEqual([[], [], []]);
  });

  it('names --force where it would help, and not where something else has to be moved away first', () => {
    const helpOf = (conflicts: Plan['conflicts']) =>
      conflictDiagnostics(found({ conflicts }), fileOf).map(({ help }) => help);
    expect(helpOf([byHand])).toEqual(['move it away, or overwrite it with --force']);
    expect(helpOf([byHand, link])).toEqual(['move it away', 'move it away']);
  });

  it('has the file as the user would name it', () => {
    expect(conflictDiagnostics(found({ conflicts: [byHand] }), fileOf)).toMatchObject([
      { rule: 'output-conflict', severity: 'error', file: 'out/a', start: { line: 1, column: 1 } },
    ]);
  });

  it('names all that is stale in the order of paths', () => {
    const stale = staleDiagnostics(
      found({ create: [file('d')], update: [file('c')], delete: ['e'], conflicts: [byHand, link] }),
      fileOf,
    );
    expect(stale.map(({ message }) => message)).toEqual([
      'a was changed by hand',
      'b is a symbolic link',
      'c is not what the model says',
      'd is missing',
      'e no longer belongs to the output',
    ]);
  });

  it('names the manifest alone where nothing else differs', () => {
    expect(staleDiagnostics(found({}), fileOf).map(({ message }) => message)).toEqual([
      '.gen-infra.json is not what the last build wrote',
    ]);
  });

  it('warns of what was overwritten and kept, and of a damaged manifest', () => {
    const overwrite = [{ ...file('a'), reason: 'was changed by hand' }];
    const damaged = { isCurrent: false, isManifestReadable: false };
    const said = warnings(found({ overwrite, keep: ['z'] }, damaged), fileOf);
    expect(said.map(({ rule, severity, file: where }) => [rule, severity, where])).toEqual([
      ['output-manifest', 'warning', 'out/.gen-infra.json'],
      ['output-overwritten', 'warning', 'out/a'],
      ['output-kept', 'warning', 'out/z'],
    ]);
  });
});
