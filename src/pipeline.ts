import { basename } from 'node:path';
import type { Diagnostic } from './diagnostics/diagnostic.ts';
import { loadModel } from './load/load-model.ts';
import type { Artifact } from './render/render-artifacts.ts';
import type { Cluster } from './resolve/cluster.ts';
import { resolveCluster } from './resolve/resolve-cluster.ts';
import { validateSchema } from './validate/validate-schema.ts';

/** A model that went through every stage up to the cluster, or as far as it came. */
export interface Compilation {
  readonly file: string;
  readonly text: string;
  /** The model's data, once it is a model. */
  readonly data?: unknown;
  readonly cluster?: Cluster;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * load → validate → resolve.
 * @throws EnvironmentError when the file cannot be read.
 */
export function compileModel(file: string): Compilation {
  const { text, document, diagnostics } = loadModel(file);
  const source = { file, text };
  if (document === undefined || diagnostics.length > 0) return { ...source, diagnostics };
  const validated = validateSchema(document.data);
  if (!('model' in validated)) {
    return { ...source, diagnostics: validated.findings.map((finding) => document.locate(finding)) };
  }
  const { cluster, findings } = resolveCluster(validated.model);
  return {
    ...source,
    data: document.data,
    ...(cluster === undefined ? {} : { cluster }),
    diagnostics: findings.map((finding) => document.locate(finding)),
  };
}

/** render: the whole output tree of a cluster. */
export async function renderCluster(cluster: Cluster, file: string): Promise<Artifact[]> {
  const { renderArtifacts } = await import('./render/render-artifacts.ts');
  const { renderers } = await import('./render/renderers/index.ts');
  return renderArtifacts(cluster, renderers, basename(file));
}

/** plan → write: brings the output directory to these artifacts, or says what keeps it from that. */
export { checkOutput, writeOutput } from './write/write-output.ts';
