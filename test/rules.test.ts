import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { rules } from '../src/check/rules/index.ts';
import { codes } from '../src/diagnostics/codes.ts';
import { mistakesIn } from './support/compile.ts';
import { overlay } from './support/overlay.ts';
import { inProject } from './support/paths.ts';

const smallest = parse(readFileSync(inProject('examples/smallest/cluster.yaml'), 'utf8'));
const ids = rules.map(({ id }) => id);

/** The rules that the smallest model breaks with YAML laid over it, each once. */
function broken(text: string): string[] {
  const mistakes = mistakesIn(stringify(overlay(smallest, text)));
  return [...new Set(mistakes.map((line) => line.replace(/^\S+ ([^:]+):.*/s, '$1')))];
}

describe('the rules', () => {
  it('are all registered, each in the file of its name, in order', () => {
    const files = readdirSync(inProject('src/check/rules')).filter((name) => name !== 'index.ts');
    expect(ids.map((id) => `${id}.ts`)).toEqual(files.sort());
  });

  it('break nothing of the smallest model', () => {
    expect(broken('{}')).toEqual([]);
  });
});

describe.each(rules)('the rule $id', ({ id, docs }) => {
  it('finds what its failing example says, and nothing else is wrong there', () => {
    expect(broken(docs.fails)).toEqual([id]);
  });

  it('finds nothing in its passing example, which says something', () => {
    expect(broken(docs.passes)).toEqual([]);
    expect(Object.keys(parse(docs.passes))).not.toEqual([]);
  });

  it('has texts of whole sentences', () => {
    expect(docs.summary).toMatch(/^[a-z][^.]*[^.]$/);
    expect(docs.why).toMatch(/^[A-Z`][\s\S]*\.$/);
    expect(docs.help).toMatch(/^[A-Z`][\s\S]*\.$/);
  });
});

describe('findings that no rule makes', () => {
  it('are all explained, and none that is not made', () => {
    const sources = readdirSync(inProject('src'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.endsWith('/codes.ts'))
      .map((path) => readFileSync(inProject(`src/${path}`), 'utf8'));
    const cases = readdirSync(inProject('test/cases/err')).map((name) =>
      readFileSync(inProject(`test/cases/err/${name}/diagnostics.txt`), 'utf8'),
    );
    const reported = cases.flatMap((text) => text.match(/^(?:error|warning)\[[^\]]+/gm) ?? []);
    const ofFiles = sources.flatMap((text) => text.match(/'(?:yaml|file)-[a-z0-9-]+(?=')/g) ?? []);
    const seen = new Set([...reported, ...ofFiles].map((text) => text.replace(/.*[['\]]/, '')));
    const explained = codes.map(({ id }) => id);
    expect([...seen].filter((id) => !explained.includes(id) && !ids.includes(id))).toEqual([]);
    expect(explained.filter((id) => !sources.some((text) => text.includes(`'${id}'`)))).toEqual([]);
    expect(explained.filter((id) => ids.includes(id))).toEqual([]);
  });
});
