import { suggest } from '../../diagnostics/suggest.ts';
import type { Console } from '../console.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';

export interface ExplainOptions {
  /** All of them, a line each, where none is named. */
  readonly rule?: string;
}

/** Prints what a rule is about, why it fails for real and how to fix it. */
export async function explain({ rule: id }: ExplainOptions, console: Console): Promise<ExitCode> {
  const { rules } = await import('../../check/rules/index.ts');
  const { formatRule } = await import('../../check/format-rule.ts');
  if (id === undefined) {
    const width = Math.max(...rules.map((rule) => rule.id.length));
    for (const rule of rules)
      console.result(`${rule.id.padEnd(width)}  ${rule.severity.padEnd(7)}  ${rule.docs.summary}\n`);
    return EXIT.ok;
  }
  const rule = rules.find((candidate) => candidate.id === id);
  if (rule !== undefined) {
    console.result(formatRule(rule));
    return EXIT.ok;
  }
  const meant = suggest(
    id,
    rules.map((candidate) => candidate.id),
  );
  const hint = meant === undefined ? '`gen-infra explain` lists them' : `did you mean "${meant}"?`;
  console.error(`gen-infra: there is no rule "${id}"; ${hint}\n`);
  return EXIT.usage;
}
