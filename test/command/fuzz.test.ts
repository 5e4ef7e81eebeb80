import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { main } from '../../src/cli/main.ts';
import type { Edit } from '../../src/diagnostics/diagnostic.ts';
import { formatPretty } from '../../src/diagnostics/formatters/pretty.ts';
import { locateDiagnostics } from '../../src/diagnostics/located.ts';
import type { Position } from '../../src/diagnostics/position.ts';
import { styleFor } from '../../src/diagnostics/style.ts';
import { type Compilation, compileSource, fixSource } from '../../src/pipeline.ts';
import { schemaDocument } from '../support/fuzz/schema-document.ts';
import { spoiledText } from '../support/fuzz/spoiled-text.ts';

const documents = [
  { what: 'texts that are no model', texts: spoiledText },
  { what: 'documents in the shape of the schema', texts: schemaDocument.map((value) => stringify(value)) },
];

/** Makes the edits of a text, which throws where they lead to no YAML, and says how many they are. */
function fixAndLook({ text, diagnostics }: Compilation): number {
  const edits = diagnostics.flatMap(({ edit }) => edit ?? []);
  if (edits.length === 0) return 0;
  const isWrong = ({ span: { start, end }, within = { start, end } }: Edit) =>
    !(
      0 <= within.start &&
      within.start <= start &&
      start < end &&
      end <= within.end &&
      within.end <= text.length
    );
  expect(edits.filter(isWrong)).toEqual([]);
  const once = fixSource('cluster.yaml', Buffer.from(text));
  expect(once.diagnostics.filter(({ edit }) => edit !== undefined)).toEqual([]);
  return once.fixed;
}

/** Compiles a text, and looks whether each place that is said is one of it. */
function compileAndLook(text: string): { rules: string[]; fixed: number } {
  const compilation = compileSource('cluster.yaml', Buffer.from(text));
  const located = locateDiagnostics(compilation.diagnostics, compilation);
  const lines = compilation.text.split('\n');
  const isInside = ({ line, column }: Position) =>
    column >= 1 && column <= (lines[line - 1]?.length ?? -1) + 1;
  const places = located.flatMap((each) => [each, ...each.related]);
  expect(places.filter(({ start, end }) => !isInside(start) || !isInside(end))).toEqual([]);
  expect(formatPretty(located, styleFor(false)) === '').toBe(located.length === 0);
  expect(compilation.cluster === undefined && located.length === 0).toBe(false);
  return { rules: located.map(({ rule }) => rule), fixed: fixAndLook(compilation) };
}

describe.each(documents)('$what', ({ texts }) => {
  it(
    '10,000 of them are compiled without a crash, and each finding is at a place of the file',
    { timeout: 900_000 },
    () => {
      const rules = new Map<string, number>();
      let edits = 0;
      fc.assert(
        fc.property(texts, (text) => {
          const found = compileAndLook(text);
          for (const rule of new Set(found.rules)) rules.set(rule, (rules.get(rule) ?? 0) + 1);
          edits += found.fixed;
        }),
        { numRuns: 10_000, seed: 4 },
      );
      // They are of many kinds: none that is refused for one reason alone.
      expect(rules.size).toBeGreaterThan(8);
      expect(edits).toBeGreaterThan(100);
    },
  );

  it('200 of them end the command with an exit code of the contract', { timeout: 300_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gen-infra-fuzz-'));
    const model = join(folder, 'cluster.yaml');
    const silent = { write: () => {} };
    const codes = new Set<number>();
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        writeFileSync(model, text);
        const io = { stdout: silent, stderr: silent, env: {}, cwd: folder };
        const exitCode = await main(['build', '-m', model, '-o', join(folder, 'out')], io);
        expect([0, 1]).toContain(exitCode);
        codes.add(exitCode);
      }),
      { numRuns: 200, seed: 4 },
    );
    expect(codes).toContain(1);
  });
});
