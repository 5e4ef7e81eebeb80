import { compare, isWrong, type Outcome } from './comparison.ts';
import { Unbuildable } from './lab.ts';
import type { Subject } from './subjects.ts';

/** What came of a model, or why it cannot be built. */
export interface Result {
  readonly subject: Subject;
  readonly outcomes: readonly Outcome[];
  readonly why: string | undefined;
}

/** Labs at a time: they mostly wait for silence. */
const AT_ONCE = 4;

/** Seconds of silence that are believed of a machine with nothing else to do. */
const LONG = [1, 8];

/** Tries all of these models; what is not as predicted once more, one after the other. */
export async function tryAll(subjects: readonly Subject[]): Promise<Result[]> {
  const results: Result[] = [];
  const left = [...subjects.entries()].reverse();
  const work = async () => {
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      const [index, subject] = next;
      results[index] = await resultOf(subject);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  for (const [index, result] of results.entries()) results[index] = await confirmed(result);
  return results;
}

async function resultOf(subject: Subject): Promise<Result> {
  try {
    return { subject, outcomes: await compare(subject.text), why: undefined };
  } catch (error) {
    // What people would not get to run need not run.
    if (!(error instanceof Unbuildable) || subject.mistake === undefined) throw error;
    return { subject, outcomes: [], why: error.message };
  }
}

async function confirmed(result: Result): Promise<Result> {
  const { subject, outcomes } = result;
  if (!outcomes.some(isWrong)) return result;
  const again = await compare(subject.text, { only: outcomes.filter(isWrong), patience: LONG });
  return { ...result, outcomes: [...outcomes.filter((one) => !isWrong(one)), ...again] };
}
