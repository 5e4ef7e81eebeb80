import type { Artifact } from '../render/render-artifacts.ts';

/** What is at a path of the output directory now. */
export type DiskEntry =
  | { readonly kind: 'absent' }
  | { readonly kind: 'file'; readonly sha256: string }
  /** Something that no build ever writes, or a path that leads through a symbolic link. */
  | { readonly kind: 'foreign'; readonly what: string };

/** A file that somebody else wrote where the build would write. */
export interface Conflict {
  readonly path: string;
  readonly reason: string;
}

/** What a build will do to the output directory. */
export interface Plan {
  readonly create: readonly Artifact[];
  readonly update: readonly Artifact[];
  readonly unchanged: readonly Artifact[];
  /** Files of earlier builds that no longer belong to the output and that nobody has changed. */
  readonly delete: readonly string[];
  /** Files of earlier builds that no longer belong to the output, but that somebody has changed. */
  readonly keep: readonly string[];
  readonly conflicts: readonly Conflict[];
}

/** The hashes that earlier builds gave each path: several where a build was cut off. */
export type KnownHashes = ReadonlyMap<string, ReadonlySet<string>>;

export interface Disk {
  readonly known: KnownHashes;
  readonly entries: ReadonlyMap<string, DiskEntry>;
}

/**
 * What has to happen for the disk to hold these artifacts and nothing else of earlier builds. A file that no build
 * wrote is a conflict, unless `force` says to overwrite it or it already is as the build would write it.
 */
export function planChanges(
  artifacts: readonly (Artifact & { readonly sha256: string })[],
  { known, entries }: Disk,
  { force }: { readonly force: boolean },
): Plan {
  const plan = { create: [] as Artifact[], update: [] as Artifact[], unchanged: [] as Artifact[] };
  const conflicts: Conflict[] = [];
  for (const artifact of artifacts) {
    const { path, sha256 } = artifact;
    const entry = entries.get(path) ?? { kind: 'absent' };
    if (entry.kind === 'absent') plan.create.push(artifact);
    else if (entry.kind === 'foreign') conflicts.push({ path, reason: entry.what });
    else if (entry.sha256 === sha256) plan.unchanged.push(artifact);
    else if (force || known.get(path)?.has(entry.sha256)) plan.update.push(artifact);
    else
      conflicts.push({
        path,
        reason: known.has(path) ? 'was changed by hand' : 'was not written by a build',
      });
  }
  const made = new Set(artifacts.map(({ path }) => path));
  const orphans = [...known.keys()]
    .filter((path) => !made.has(path) && entries.get(path)?.kind === 'file')
    .sort();
  const isUntouched = (path: string) => {
    const entry = entries.get(path);
    return entry?.kind === 'file' && known.get(path)?.has(entry.sha256) === true;
  };
  return {
    ...plan,
    conflicts,
    delete: orphans.filter(isUntouched),
    keep: orphans.filter((path) => !isUntouched(path)),
  };
}

/** Whether the disk already is as the build would leave it. */
export function isUpToDate(plan: Plan): boolean {
  return [plan.create, plan.update, plan.delete, plan.conflicts].every((list) => list.length === 0);
}
