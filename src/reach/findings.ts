import type { Finding } from '../diagnostics/diagnostic.ts';
import type { Answer } from './reach.ts';

/** What is to be said of an answer at lines of the model: what stops it, and which rules may decide otherwise. */
export function findingsOf({ question, answer, unsure }: Answer): Finding[] {
  const stop = question.stop ?? answer?.stop;
  return [
    ...(stop === undefined ? [] : [{ rule: 'unreachable', severity: 'error' as const, ...stop }]),
    ...[...unsure].map((origin) => ({
      ...{ rule: 'rule-not-judged', severity: 'warning' as const, at: [...origin, 'rule'] },
      message: 'this rule may decide otherwise: whether it matches is not known here',
    })),
  ];
}
