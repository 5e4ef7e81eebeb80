import { type LocatedDiagnostic, locateDiagnostics } from '../../../src/diagnostics/located.ts';
import { type Compilation, compileSource } from '../../../src/pipeline.ts';
import type { Mutant } from './make-mutants.ts';
import type { Source } from './source.ts';

/** What is found in a mutant by rules that its source does not break, and whether it is where the mistake is. */
export interface Judged {
  readonly compilation: Compilation;
  readonly findings: readonly LocatedDiagnostic[];
  /** Those at the mutated lines, or with a related place there. */
  readonly near: readonly LocatedDiagnostic[];
}

const known = new WeakMap<Source, ReadonlySet<string>>();

export function judge({ source, text, lines }: Mutant): Judged {
  const before = known.get(source) ?? new Set(findingsIn(source.text).findings.map(({ rule }) => rule));
  known.set(source, before);
  const { compilation, findings: all } = findingsIn(text);
  const findings = all.filter(({ rule }) => !before.has(rule));
  const near = findings.filter((finding) =>
    [finding, ...finding.related].some(({ start }) => lines.has(start.line)),
  );
  return { compilation, findings, near };
}

function findingsIn(text: string) {
  const compilation = compileSource('cluster.yaml', Buffer.from(text));
  return { compilation, findings: locateDiagnostics(compilation.diagnostics, compilation) };
}
