import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formatPretty } from '../src/diagnostics/formatters/pretty.ts';
import { locateDiagnostics } from '../src/diagnostics/located.ts';
import { styleFor } from '../src/diagnostics/style.ts';
import { compileModel } from '../src/pipeline.ts';
import { inProject } from './support/paths.ts';

function namesOf(kind: 'ok' | 'err'): string[] {
  return readdirSync(inProject(`test/cases/${kind}`)).sort();
}

/** What a user sees who stands in the folder of a model. */
function printed(folder: string): string {
  const { text, diagnostics } = compileModel(inProject(`${folder}/cluster.yaml`));
  const located = locateDiagnostics(diagnostics, { file: 'cluster.yaml', text });
  return formatPretty(located, styleFor(false));
}

describe('a model that is wrong', () => {
  it.each(namesOf('err'))('says so: %s', (name) => {
    const folder = `test/cases/err/${name}`;
    expect(printed(folder)).toBe(readFileSync(inProject(`${folder}/diagnostics.txt`), 'utf8'));
  });
});

describe('a model that is right in an unusual way', () => {
  it.each(namesOf('ok'))('is taken as it is: %s', (name) => {
    const folder = `test/cases/ok/${name}`;
    expect(printed(folder)).toBe('');
    expect(compileModel(inProject(`${folder}/cluster.yaml`)).cluster).toBeDefined();
  });
});
