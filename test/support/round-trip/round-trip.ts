import fc from 'fast-check';
import { renderCluster } from '../../../src/pipeline.ts';
import type { Artifact } from '../../../src/render/render-artifacts.ts';
import type { Model } from '../../../src/validate/model.ts';
import { realisticModel } from '../realistic/realistic-model.ts';
import { clusterOf } from '../resolved.ts';
import { expectedOf } from './expected.ts';
import { foundIn } from './found.ts';
import { strangeTexts } from './sweep.ts';

/** The same models each time; a failure names the seed and the path to the one that fails. */
const SEED = 1122;

/**
 * Builds random models, reads what they say from each file, and compares it with what the models say.
 * @throws with what is missing and what is too much
 */
export async function makeRoundTrips(numRuns: number): Promise<void> {
  const property = fc.asyncProperty(realisticModel, async (model) => {
    const wrong = await differencesOf(model, await renderCluster(clusterOf(model), 'cluster.yaml'));
    if (wrong.length > 0) throw new Error(wrong.join('\n'));
  });
  await fc.assert(property, { seed: SEED, numRuns, endOnFailure: true });
}

export async function differencesOf(model: Model, files: readonly Artifact[]): Promise<string[]> {
  const data = await foundIn(files);
  const sets = Object.entries(data.sets).map(([host, own]) => [host, Object.keys(own)] as const);
  const [expected, found] = [leavesOf(expectedOf(model, Object.fromEntries(sets))), leavesOf(data)];
  return [
    ...[...expected].filter((leaf) => !found.has(leaf)).map((leaf) => `- ${leaf}`),
    ...[...found].filter((leaf) => !expected.has(leaf)).map((leaf) => `+ ${leaf}`),
    ...strangeTexts(model, files),
  ];
}

/** Each text and number with the keys above it; lists have no order, but a length. */
function leavesOf(data: unknown, path = ''): Set<string> {
  if (data === undefined) return new Set();
  if (Array.isArray(data)) {
    const items: string[] = data.map((item) =>
      typeof item === 'object' ? [...leavesOf(item)].sort().join(' ') : String(item),
    );
    return new Set([`${path} has ${data.length}`, ...items.map((item) => `${path}: ${item}`)]);
  }
  if (data === null || typeof data !== 'object') return new Set([`${path}: ${String(data)}`]);
  return new Set(Object.entries(data).flatMap(([key, value]) => [...leavesOf(value, `${path} ${key}`)]));
}
