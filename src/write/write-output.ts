import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isUpToDate, type Plan, planChanges } from '../plan/plan-changes.ts';
import type { Artifact } from '../render/render-artifacts.ts';
import { applyPlan } from './apply-plan.ts';
import { finalManifest, MANIFEST, readManifest, sha256 } from './manifest.ts';
import { withOutputLock } from './output-lock.ts';
import { readDisk, refuseLinkedRoot } from './read-disk.ts';
import { removeStaged } from './staging.ts';

interface Options {
  readonly force: boolean;
  readonly generator: string;
  /** Of which files the outcome tells what they said before. */
  readonly remember?: (path: string) => boolean;
  /** How long to wait for another build, in milliseconds. */
  readonly patience?: number;
}

/** What a build does to an output directory, or would do. */
export interface Outcome {
  readonly plan: Plan;
  /** What files said that the plan changes or deletes, of those to be remembered. */
  readonly before: ReadonlyMap<string, string>;
  /** Whether the directory was as the build would leave it. */
  readonly isCurrent: boolean;
  /** False where the manifest is damaged, so that files of earlier builds are not known as such. */
  readonly isManifestReadable: boolean;
}

/**
 * Writes what the plan says, unless it has conflicts: then nothing is written.
 * @throws EnvironmentError when the directory is locked or cannot be written.
 */
export async function writeOutput(
  root: string,
  artifacts: readonly Artifact[],
  options: Options,
): Promise<Outcome> {
  refuseLinkedRoot(root);
  const work = () => {
    removeStaged(root);
    const { disk, ...outcome } = inspect(root, artifacts, options);
    if (outcome.plan.conflicts.length > 0 || outcome.isCurrent) return outcome;
    try {
      applyPlan(root, outcome.plan, { disk, generator: options.generator });
    } finally {
      removeStaged(root);
    }
    return outcome;
  };
  return withOutputLock(root, work, options.patience);
}

/** What a build would do, without a lock and without writing anything. */
export function checkOutput(root: string, artifacts: readonly Artifact[], options: Options): Outcome {
  refuseLinkedRoot(root);
  const { disk: _, ...outcome } = inspect(root, artifacts, options);
  return outcome;
}

function inspect(root: string, artifacts: readonly Artifact[], { force, generator, remember }: Options) {
  const manifest = readDisk(root, [MANIFEST]).get(MANIFEST) ?? { kind: 'absent' };
  const { known, text, isReadable } = readManifest(root, manifest);
  const entries = readDisk(root, new Set([...artifacts.map(({ path }) => path), ...known.keys()]));
  const hashed = artifacts.map((artifact) => ({ ...artifact, sha256: sha256(artifact.content) }));
  const plan = planChanges(hashed, { known, entries }, { force });
  const conflicts =
    manifest.kind === 'foreign'
      ? [{ path: MANIFEST, reason: manifest.what, isForceable: false }, ...plan.conflicts]
      : plan.conflicts;
  return {
    disk: { known, entries },
    plan: { ...plan, conflicts },
    before: textsBefore(root, plan, remember ?? (() => false)),
    isCurrent: isUpToDate(plan) && text === finalManifest(artifacts, generator),
    isManifestReadable: isReadable,
  };
}

function textsBefore(root: string, plan: Plan, remember: (path: string) => boolean): Map<string, string> {
  const changed = [...plan.update, ...plan.overwrite].map(({ path }) => path);
  const paths = [...changed, ...plan.delete].filter(remember);
  return new Map(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
}
