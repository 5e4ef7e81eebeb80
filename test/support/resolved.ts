import { compileModel } from '../../src/pipeline.ts';
import type { Cluster } from '../../src/resolve/cluster.ts';
import { resolveCluster } from '../../src/resolve/resolve-cluster.ts';
import type { Model } from '../../src/validate/model.ts';
import { validateSchema } from '../../src/validate/validate-schema.ts';
import { clusters } from './clusters.ts';

/** The model in a file. */
export function modelIn(file: string): Model {
  const { model, diagnostics } = compileModel(file);
  if (model === undefined) throw new Error(JSON.stringify(diagnostics));
  return model;
}

/** The cluster of a model that has nothing wrong with it. */
export function clusterOf(model: Model): Cluster {
  const mistakes = validateSchema(model).findings;
  const { cluster, findings } = resolveCluster(model);
  if (cluster === undefined || mistakes.length > 0)
    throw new Error(JSON.stringify([...mistakes, ...findings]));
  return cluster;
}

/** The models of the committed trees, to be varied. */
export const reference: Model = modelIn(clusters[0].model);
export const smallest: Model = modelIn(clusters[1].model);

/** Maps with their keys in the opposite order; lists say something by their order. */
export function reversed<T>(value: T): T {
  if (Array.isArray(value)) return value.map(reversed) as T;
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, reversed(inner)] as const);
  return Object.fromEntries(entries.reverse()) as T;
}
