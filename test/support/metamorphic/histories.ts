import fc from 'fast-check';
import { realisticModel } from '../realistic/realistic-model.ts';
import { checkHistory } from './check-history.ts';
import { arbitraryEdit } from './edits.ts';

/** The same histories each time; a failure names the seed and the path to the one that fails. */
const SEED = 1122;

/**
 * Makes random histories, each of several edits of a random model, and returns how often each kind of edit was made and
 * compared line by line.
 * @throws with the edit and the first line that it should not have changed
 */
export async function makeHistories(numRuns: number): Promise<Map<string, number>> {
  const made = new Map<string, number>();
  const history = fc.tuple(realisticModel, fc.array(arbitraryEdit, { minLength: 3, maxLength: 8 }));
  const property = fc.asyncProperty(history, async ([model, edits]) => {
    const wrong = await checkHistory(model, edits, made);
    if (wrong.length > 0) throw new Error(wrong.join('\n'));
  });
  await fc.assert(property, { seed: SEED, numRuns, endOnFailure: true });
  return made;
}
