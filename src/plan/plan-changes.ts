import type { Artifact } from '../render/render-artifacts.ts';

/** What is at a path of the output directory now. */
export type DiskEntry =
  | { readonly kind: 'absent' }
  | { readonly kind: 'file'; readonly sha256: string }
  /** Something that no build ever writes, or a path that leads through a symbolic link. */
  | { readonly kind: 'foreign'; readonly what: string };

/** Something that somebody else put where the build would write. */
export interface Conflict {
  readonly path: string;
  readonly reason: string;
  /** Whether `force` writes over it. */
  readonly isForceable: boolean;
}

/** What a build will do to the output directory. */
export interface Plan {
  readonly create: readonly Artifact[];
  readonly update: readonly Artifact[];
  /** Files that somebody else wrote or changed, and that `force` has the build write over. */
  readonly overwrite: readonly (Artifact & { readonly reason: string })[];
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

type Hashed = Artifact & { readonly sha256: string };
type State = 'create' | 'update' | 'unchanged' | 'foreign';

/**
 * What has to happen for the disk to hold these artifacts and nothing else of earlier builds. A file that no build
 * wrote is a conflict, unless `force` says to overwrite it or it already is as the build would write it.
 */
export function planChanges(
  artifacts: readonly Hashed[],
  disk: Disk,
  { force }: { readonly force: boolean },
): Plan {
  const inState = (state: State) => artifacts.filter((artifact) => stateOf(artifact, disk) === state);
  const foreign = inState('foreign').map((artifact) => ({ ...artifact, ...conflictAt(artifact.path, disk) }));
  return {
    create: inState('create'),
    update: inState('update'),
    unchanged: inState('unchanged'),
    overwrite: foreign.filter(({ isForceable }) => force && isForceable),
    conflicts: foreign.filter(({ isForceable }) => !(force && isForceable)),
    ...planOrphans(artifacts, disk),
  };
}

/** Whether the disk already is as the build would leave it. */
export function isUpToDate(plan: Plan): boolean {
  return [plan.create, plan.update, plan.overwrite, plan.delete, plan.conflicts].every(
    (list) => list.length === 0,
  );
}

function stateOf({ path, sha256 }: Hashed, disk: Disk): State {
  const entry = entryAt(path, disk);
  if (entry.kind === 'absent') return 'create';
  if (entry.kind === 'file' && entry.sha256 === sha256) return 'unchanged';
  return isUntouched(path, disk) ? 'update' : 'foreign';
}

function conflictAt(path: string, disk: Disk): Conflict {
  const entry = entryAt(path, disk);
  if (entry.kind === 'foreign') return { path, reason: entry.what, isForceable: false };
  const reason = disk.known.has(path) ? 'was changed by hand' : 'was not written by a build';
  return { path, reason, isForceable: true };
}

function planOrphans(artifacts: readonly Hashed[], disk: Disk): Pick<Plan, 'delete' | 'keep'> {
  const made = new Set(artifacts.map(({ path }) => path));
  const orphans = [...disk.known.keys()]
    .filter((path) => !made.has(path) && entryAt(path, disk).kind !== 'absent')
    .sort();
  return {
    delete: orphans.filter((path) => isUntouched(path, disk)),
    keep: orphans.filter((path) => !isUntouched(path, disk)),
  };
}

/** Whether a file is as an earlier build wrote it. */
function isUntouched(path: string, { known, entries }: Disk): boolean {
  const entry = entries.get(path);
  return entry?.kind === 'file' && known.get(path)?.has(entry.sha256) === true;
}

function entryAt(path: string, { entries }: Disk): DiskEntry {
  return entries.get(path) ?? { kind: 'absent' };
}
