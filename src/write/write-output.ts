import { isUpToDate, type KnownHashes, type Plan, planChanges } from '../plan/plan-changes.ts';
import type { Artifact } from '../render/render-artifacts.ts';
import { applyPlan, finalManifest } from './apply-plan.ts';
import { isManifest, readKnownHashes, sha256 } from './manifest.ts';
import { withOutputLock } from './output-lock.ts';
import { readDisk } from './read-disk.ts';

interface Options {
  readonly force: boolean;
  readonly generator: string;
}

/**
 * Writes what the plan says, unless it has conflicts: then nothing is written.
 * @throws EnvironmentError when the directory is locked or cannot be written.
 */
export async function writeOutput(
  root: string,
  artifacts: readonly Artifact[],
  options: Options,
): Promise<Plan> {
  return withOutputLock(root, () => {
    const { plan, disk } = makePlan(root, artifacts, options);
    const isCurrent = isUpToDate(plan) && isManifest(root, finalManifest(artifacts, options.generator));
    if (plan.conflicts.length === 0 && !isCurrent)
      applyPlan(root, plan, { disk, generator: options.generator });
    return plan;
  });
}

/** What a build would do; `current` where it would do nothing. */
export function checkOutput(
  root: string,
  artifacts: readonly Artifact[],
  options: Options,
): { plan: Plan; current: boolean } {
  const { plan } = makePlan(root, artifacts, options);
  return { plan, current: isUpToDate(plan) && isManifest(root, finalManifest(artifacts, options.generator)) };
}

function makePlan(root: string, artifacts: readonly Artifact[], { force }: Options) {
  const known: KnownHashes = readKnownHashes(root);
  const paths = new Set([...artifacts.map(({ path }) => path), ...known.keys()]);
  const disk = { known, entries: readDisk(root, paths) };
  const hashed = artifacts.map((artifact) => ({ ...artifact, sha256: sha256(artifact.content) }));
  return { plan: planChanges(hashed, disk, { force }), disk };
}
