import type { Finding, Severity } from '../diagnostics/diagnostic.ts';
import type { Cluster } from '../resolve/cluster.ts';

/** One place that breaks a rule. */
export type Violation = Omit<Finding, 'rule' | 'severity'>;

/** What people read of a rule: `gen-infra explain` and docs/rules/. Texts are Markdown. */
export interface RuleDocs {
  /** What is wrong, in one sentence without a full stop. */
  readonly summary: string;
  /** Why it fails on real machines, with the source of the fact. */
  readonly why: string;
  readonly help: string;
  /** YAML that is laid over examples/smallest: with it that model breaks this rule and no other. */
  readonly fails: string;
  /** YAML that is laid over examples/smallest: with it that model breaks no rule. */
  readonly passes: string;
}

/** Something that a valid model can say and that does not work. */
export interface Rule {
  /** The name of its file: lower-case words and hyphens. It never changes, because waivers name it. */
  readonly id: string;
  readonly severity: Severity;
  readonly docs: RuleDocs;
  /** Finds each place once, in any order. */
  readonly check: (cluster: Cluster) => Iterable<Violation>;
}

export function defineRule(rule: Rule): Rule {
  return rule;
}
