import type { Rule } from './rule.ts';

/** The word for a severity, as a sentence begins with it. */
export function titleOf({ severity }: Pick<Rule, 'severity'>): string {
  return severity === 'error' ? 'Error' : 'Warning';
}

/** What there is to know of a rule, in Markdown: a file of docs/rules/, and what `explain` prints. */
export function formatRule({ id, severity, docs }: Rule): string {
  return `# ${id}

${titleOf({ severity })}: ${docs.summary}.

## Why

${docs.why}

## What to do

${docs.help}

## Examples

Laid over [examples/smallest](../../examples/smallest/cluster.yaml) this breaks the rule:

\`\`\`yaml
${docs.fails}
\`\`\`

and this does not:

\`\`\`yaml
${docs.passes}
\`\`\`
`;
}

/** The index of all rules, in Markdown. */
export function formatIndex(rules: readonly Rule[]): string {
  const rows = rules.map(
    ({ id, severity, docs }) =>
      `| [${id}](${id}.md) | ${severity} | ${docs.summary.replaceAll('|', '\\|')} |`,
  );
  return `# Rules

What a valid model can say and what does not work all the same. \`gen-infra explain RULE\` prints each page; \`waivers\` in a model lets one be
broken at one place, with a reason.

| Rule | Severity | What is wrong |
| --- | --- | --- |
${rows.join('\n')}
`;
}
