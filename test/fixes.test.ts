import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseDocument, visit } from 'yaml';
import { rules } from '../src/check/rules/index.ts';
import type { Diagnostic } from '../src/diagnostics/diagnostic.ts';
import { applyEdits } from '../src/load/apply-edits.ts';
import { type Compilation, compileSource, fixSource } from '../src/pipeline.ts';
import { renderArtifacts } from '../src/render/render-artifacts.ts';
import { renderers } from '../src/render/renderers/index.ts';
import type { Cluster } from '../src/resolve/cluster.ts';
import { nameOf } from '../src/resolve/name-of.ts';
import { inProject } from './support/paths.ts';

const compile = (text: string) => compileSource('cluster.yaml', Buffer.from(text));
const sayingOf = ({ rule, message }: Diagnostic) => `${rule}: ${message}`;
const hasEdit = ({ edit }: Diagnostic) => edit !== undefined;
const ids = new Set(rules.map(({ id }) => id));

const cases = readdirSync(inProject('test/cases/err'))
  .sort()
  .map((name) => ({ name, text: readFileSync(inProject(`test/cases/err/${name}/cluster.yaml`), 'utf8') }))
  .map(({ name, text }) => ({ name, text, before: compile(text) }))
  .filter(({ before }) => before.diagnostics.some(hasEdit));

/** Whether a waiver, whose rule was misspelt, is for a finding. */
function isWaived({ rule }: Diagnostic, { cluster }: Compilation): boolean {
  return cluster?.waivers.some((waiver) => waiver.rule === rule) === true;
}

describe('the edits of the cases', () => {
  it('are of every kind', () => {
    const kinds = cases.flatMap(({ before }) => before.diagnostics.filter(hasEdit).map(({ rule }) => rule));
    expect([...new Set(kinds)].sort()).toEqual([
      'flow-partly-redundant',
      'flow-redundant',
      'interface-of-the-host',
      'unknown-key',
      'unknown-name',
      'waiver-unused',
      'wrong-name',
      'wrong-type',
      'wrong-value',
    ]);
  });

  it.each(cases)('take away what each of them is for: $name', ({ text, before }) => {
    for (const diagnostic of before.diagnostics) {
      if (diagnostic.edit === undefined) continue;
      const { diagnostics } = compile(applyEdits(text, [diagnostic.edit]).text);
      const count = (all: readonly Diagnostic[]) =>
        all.filter((each) => sayingOf(each) === sayingOf(diagnostic)).length;
      expect(count(diagnostics)).toBe(count(before.diagnostics) - 1);
    }
  });

  it.each(cases)('together leave what is for people, and add nothing: $name', ({ text, before }) => {
    const after = fixSource('cluster.yaml', Buffer.from(text));
    const forPeople = before.diagnostics.filter((each) => !hasEdit(each) && !isWaived(each, after));
    // Rules judge a cluster, and before there may have been none.
    const seen = after.diagnostics.filter(({ rule }) => before.cluster !== undefined || !ids.has(rule));
    expect(seen.map(sayingOf).sort()).toEqual(forPeople.map(sayingOf).sort());
    expect(after.fixed).toBeGreaterThanOrEqual(before.diagnostics.filter(hasEdit).length);
  });

  it.each(cases)('are made once: $name', ({ text }) => {
    const once = fixSource('cluster.yaml', Buffer.from(text));
    const twice = fixSource('cluster.yaml', Buffer.from(once.text));
    expect({ text: twice.text, fixed: twice.fixed }).toEqual({ text: once.text, fixed: 0 });
  });
});

/** Each connection that is tried, once. */
function tried({ verifications }: Cluster): string[] {
  const lines = verifications.map(
    ({ from, to, probe }) => `${nameOf(from)} ${nameOf(to)} ${JSON.stringify(probe)}`,
  );
  return [...new Set(lines)].sort();
}

/** The files but for those that name each flow. */
function filesOf(cluster: Cluster): unknown {
  const files = renderArtifacts(cluster, renderers, 'cluster.yaml');
  return files.filter(({ path }) => !/^nftables\/|verify\.yml$|^README\.md$|^topology\.svg$/.test(path));
}

const built = cases.filter(({ before }) =>
  before.diagnostics.every(({ severity }) => severity === 'warning'),
);

describe('what could be built before its edits', () => {
  it.each(built)('gives the same, but for rules that decide nothing: $name', ({ text, before }) => {
    const after = fixSource('cluster.yaml', Buffer.from(text));
    if (before.cluster === undefined || after.cluster === undefined) throw new Error('no cluster');
    expect(filesOf(after.cluster)).toEqual(filesOf(before.cluster));
    expect(tried(after.cluster)).toEqual(tried(before.cluster));
  });
});

/** The words of a text that no quotes surround, and where they stand. */
function wordsOf(text: string): { word: string; start: number }[] {
  const words: { word: string; start: number }[] = [];
  visit(parseDocument(text), {
    Scalar: (_key, { value, type, range }) => {
      const isWord = typeof value === 'string' && type === 'PLAIN' && /^[a-z-]{3,}$/i.test(value);
      if (isWord && range) words.push({ word: value, start: range[0] });
    },
  });
  return words;
}

describe('a slip of the keyboard', () => {
  const text = readFileSync(inProject('examples/smallest/cluster.yaml'), 'utf8');
  const slips = wordsOf(text).flatMap(({ word, start }) => {
    const at = Math.floor(word.length / 2);
    const [before, a = '', b = '', after] = [
      word.slice(0, at - 1),
      word[at - 1],
      word[at],
      word.slice(at + 1),
    ];
    const wrong = [
      word.toUpperCase(),
      before + b + a + after,
      before + a + after,
      before + a + b + b + after,
    ];
    return wrong.map((slip) => ({ slip, start, end: start + word.length }));
  });

  it('is put right by its edit, or has none', () => {
    const kept = slips.map(({ slip, start, end }) => {
      const wrong = text.slice(0, start) + slip + text.slice(end);
      const edits = compile(wrong).diagnostics.flatMap(({ edit }) => edit ?? []);
      const own = edits.filter(({ span }) => span.start === start);
      return own.length === 0 ? undefined : applyEdits(wrong, own).text;
    });
    expect(kept.filter((result) => result !== undefined && result !== text)).toEqual([]);
    // Words of the schema mostly have one, names that people choose none.
    expect(kept.filter((result) => result === text).length).toBeGreaterThan(slips.length / 3);
  });
});
