import { formatRule, titleOf } from '../../check/format-rule.ts';
import { rules } from '../../check/rules/index.ts';
import { codes } from '../../diagnostics/codes.ts';
import { didYouMean } from '../../diagnostics/suggest.ts';
import type { Console } from '../console.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';

export interface ExplainOptions {
  /** What a finding shows in brackets; where none is named, all of them, a line each. */
  readonly rule?: string;
}

/** Prints what a rule is about, why it fails for real and how to fix it. */
export async function explain({ rule: id }: ExplainOptions, console: Console): Promise<ExitCode> {
  const known = [
    ...rules.map((rule) => ({ ...rule, summary: rule.docs.summary, text: formatRule(rule) })),
    ...codes.map((code) => ({ ...code, text: `# ${code.id}\n\n${titleOf(code)}: ${code.summary}.\n` })),
  ];
  const found = known.find((each) => each.id === id);
  if (found !== undefined) {
    console.result(found.text);
    return EXIT.ok;
  }
  const ids = known.map((each) => each.id);
  if (id === undefined) {
    const width = Math.max(...ids.map(({ length }) => length));
    for (const each of known)
      console.result(`${each.id.padEnd(width)}  ${each.severity.padEnd(7)}  ${each.summary}\n`);
    return EXIT.ok;
  }
  const hint = didYouMean(id, ids, '`gen-infra explain` lists them');
  console.error(`gen-infra: there is no rule "${id}"; ${hint}\n`);
  return EXIT.usage;
}
