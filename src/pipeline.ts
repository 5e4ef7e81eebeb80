import { basename } from 'node:path';
import { runRules, UNUSED_WAIVER } from './check/run-rules.ts';
import type { Diagnostic, Finding } from './diagnostics/diagnostic.ts';
import { applyEdits } from './load/apply-edits.ts';
import { type Loaded, loadModel, parseModel, readModel } from './load/load-model.ts';
import type { Artifact } from './render/render-artifacts.ts';
import type { Cluster } from './resolve/cluster.ts';
import { resolveCluster } from './resolve/resolve-cluster.ts';
import type { Way } from './topology/way.ts';
import type { Model } from './validate/model.ts';
import { validateSchema } from './validate/validate-schema.ts';
import { replaceFile } from './write/replace-file.ts';

/** A model that went through every stage up to the cluster, or as far as it came. */
export interface Compilation {
  readonly file: string;
  readonly text: string;
  readonly model?: Model;
  readonly cluster?: Cluster;
  readonly diagnostics: readonly Diagnostic[];
  /** Finds the place of a finding in the text. */
  readonly locate?: (finding: Finding) => Diagnostic;
}

/**
 * load → validate → resolve → check.
 * @throws EnvironmentError when the file cannot be read.
 */
export function compileModel(file: string): Compilation {
  return compileLoaded(loadModel(file));
}

/** The same for the content of a file. */
export function compileSource(file: string, content: Uint8Array): Compilation {
  return compileLoaded(parseModel(file, content));
}

/** What is left of a model's diagnostics, and how many edits took the others away. */
export interface Fixed extends Compilation {
  readonly fixed: number;
}

const MARK = '\ufeff';

/** As many as ruff makes (MAX_ITERATIONS, crates/ruff_linter/src/linter.rs). */
const MOST_ROUNDS = 100;

/** Makes the edits that the diagnostics of a model have, and compiles it again, until there are none. */
export function fixSource(file: string, content: Uint8Array): Fixed {
  let compilation = compileSource(file, content);
  let fixed = 0;
  // Waivers go out first: later what they waive may be mended, and it does not show that they were needed.
  let isTidied = false;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const due = compilation.diagnostics.filter(({ rule }) => (rule === UNUSED_WAIVER) !== isTidied);
    const edits = due.flatMap(({ edit }) => edit ?? []);
    const { text, count } = applyEdits(compilation.text, edits);
    if (count === 0) {
      if (isTidied) break;
      isTidied = true;
      continue;
    }
    compilation = compileSource(file, Buffer.from(text));
    fixed += count;
    const [unreadable] = compilation.diagnostics.filter(({ path }) => path === undefined);
    if (unreadable !== undefined)
      throw new Error(`edits made a text that is no model: ${unreadable.message}`);
  }
  return { ...compilation, fixed };
}

/**
 * The same for a file, which is changed if any edit is made.
 * @throws EnvironmentError when the file cannot be read or written, or is changed meanwhile.
 */
export function fixModel(file: string): Fixed {
  const before = readModel(file);
  if (before === undefined) return { ...compileModel(file), fixed: 0 };
  const outcome = fixSource(file, before);
  // A text has no byte order mark, a file keeps its own.
  const mark = Buffer.from(before).toString().startsWith(MARK) ? MARK : '';
  if (outcome.fixed > 0) replaceFile(file, { before, after: Buffer.from(mark + outcome.text) });
  return outcome;
}

function compileLoaded({ file, text, document, diagnostics }: Loaded): Compilation {
  if (document === undefined || diagnostics.length > 0) return { file, text, diagnostics };
  const locate = (finding: Finding) => document.locate(finding);
  const source = { file, text, locate };
  const validated = validateSchema(document.data);
  if (!('model' in validated)) {
    return { ...source, diagnostics: validated.findings.map(locate) };
  }
  const { cluster, findings: unresolved } = resolveCluster(validated.model);
  const findings = cluster === undefined ? unresolved : runRules(cluster);
  return {
    ...source,
    model: validated.model,
    ...(cluster === undefined ? {} : { cluster }),
    diagnostics: findings.map(locate),
  };
}

/** render: the output tree of a cluster, or only what one of its renderers makes. */
export async function renderCluster(cluster: Cluster, file: string, only?: string): Promise<Artifact[]> {
  const { renderArtifacts } = await import('./render/render-artifacts.ts');
  const { renderers } = await import('./render/renderers/index.ts');
  const chosen = only === undefined ? renderers : renderers.filter(({ id }) => id === only);
  return renderArtifacts(cluster, chosen, basename(file));
}

/** The picture of a cluster with the way of one connection on it. */
export async function renderWay(cluster: Cluster, file: string, way: Way): Promise<string> {
  const { renderArtifacts } = await import('./render/render-artifacts.ts');
  const { topologyWith } = await import('./render/renderers/topology.ts');
  const pictures = renderArtifacts(cluster, [topologyWith(way)], basename(file));
  return pictures.map(({ content }) => content).join('');
}

export { isRootModule, networkChanges } from './plan/network-changes.ts';
/** What a build remembers in the output directory. */
export { MANIFEST } from './write/manifest.ts';
/** plan → write: brings the output directory to these artifacts, or says what keeps it from that. */
export { checkOutput, type Outcome, writeOutput } from './write/write-output.ts';
