import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { main } from '../../src/cli/main.ts';
import { formatPretty } from '../../src/diagnostics/formatters/pretty.ts';
import { locateDiagnostics } from '../../src/diagnostics/located.ts';
import type { Position } from '../../src/diagnostics/position.ts';
import { styleFor } from '../../src/diagnostics/style.ts';
import { compileSource } from '../../src/pipeline.ts';
import { schemaDocument } from '../support/fuzz/schema-document.ts';
import { spoiledText } from '../support/fuzz/spoiled-text.ts';

const documents = [
  { what: 'texts that are no model', texts: spoiledText },
  { what: 'documents in the shape of the schema', texts: schemaDocument.map((value) => stringify(value)) },
];

/** Compiles a text, and looks whether each place that is said is one of it. */
function compileAndLook(text: string): string[] {
  const compilation = compileSource('cluster.yaml', Buffer.from(text));
  const located = locateDiagnostics(compilation.diagnostics, compilation);
  const lines = compilation.text.split('\n');
  const isInside = ({ line, column }: Position) =>
    column >= 1 && column <= (lines[line - 1]?.length ?? -1) + 1;
  const places = located.flatMap((each) => [each, ...each.related]);
  expect(places.filter(({ start, end }) => !isInside(start) || !isInside(end))).toEqual([]);
  expect(formatPretty(located, styleFor(false)) === '').toBe(located.length === 0);
  expect(compilation.cluster === undefined && located.length === 0).toBe(false);
  return located.map(({ rule }) => rule);
}

describe.each(documents)('$what', ({ texts }) => {
  it(
    '10,000 of them are compiled without a crash, and each finding is at a place of the file',
    { timeout: 900_000 },
    () => {
      const rules = new Map<string, number>();
      fc.assert(
        fc.property(texts, (text) => {
          for (const rule of new Set(compileAndLook(text))) rules.set(rule, (rules.get(rule) ?? 0) + 1);
        }),
        { numRuns: 10_000, seed: 4 },
      );
      // They are of many kinds: none that is refused for one reason alone.
      expect(rules.size).toBeGreaterThan(8);
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
