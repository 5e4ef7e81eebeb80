import type { LocatedDiagnostic } from '../../../src/diagnostics/located.ts';
import { judge } from './judge.ts';
import type { Mutant } from './make-mutants.ts';
import { type Complaints, complaintsAbout } from './oracle/oracle.ts';

/** What came of a mutant: found at its place; not found, and all that has to work does; or one of the two failures. */
export type Outcome = 'caught' | 'confirmed' | 'missed' | 'false alarm';

export interface Result {
  readonly outcome: Outcome;
  /** What a failure is, for people. */
  readonly why: string;
}

export async function outcomeOf(mutant: Mutant, before: Complaints): Promise<Result> {
  const { expects } = mutant.operator;
  const { compilation, findings, near } = judge(mutant);
  const said = findings.map(({ start, rule, message }) => `${start.line} ${rule}: ${message}`).join('; ');
  if (expects === 'silence' && findings.length > 0) return { outcome: 'false alarm', why: said };
  const isCaught = near.some(({ severity }) => expects !== 'error' || severity === 'error');
  if (expects !== 'silence' && isCaught) return { outcome: 'caught', why: '' };
  const isSaidElsewhere = findings.some(isError);
  if (expects === 'error' || expects === 'warning' || isSaidElsewhere || compilation.cluster === undefined)
    return { outcome: 'missed', why: said === '' ? 'nothing is said' : `said elsewhere: ${said}` };
  const after = await complaintsAbout(compilation.cluster);
  const broken = [...after].filter(([what]) => !before.has(what)).map(([what, why]) => `${what} (${why})`);
  return { outcome: broken.length === 0 ? 'confirmed' : 'missed', why: broken.slice(0, 3).join('; ') };
}

function isError({ severity }: LocatedDiagnostic): boolean {
  return severity === 'error';
}
