import { fileDiagnostic, type LocatedDiagnostic } from '../diagnostics/located.ts';
import { MANIFEST, type Outcome } from '../pipeline.ts';

/** How a path of the output is named to the user. */
type FileOf = (path: string) => string;

const BUILD = 'run gen-infra build';

/** What keeps a build from writing. */
export function conflictDiagnostics({ plan }: Outcome, fileOf: FileOf): LocatedDiagnostic[] {
  if (plan.conflicts.length === 0) return [];
  // With one file that has to be moved away, --force alone would not help.
  const hasForeign = plan.conflicts.some(({ isForceable }) => !isForceable);
  return plan.conflicts.map(({ path, reason, isForceable }) =>
    fileDiagnostic({
      rule: 'output-conflict',
      severity: 'error',
      file: fileOf(path),
      message: `${path} ${reason}; nothing was written`,
      help: isForceable && !hasForeign ? 'move it away, or overwrite it with --force' : 'move it away',
    }),
  );
}

/** How the directory differs from what a build would leave. */
export function staleDiagnostics({ plan, ...found }: Outcome, fileOf: FileOf): LocatedDiagnostic[] {
  const stale = [
    ...plan.create.map(({ path }) => ({ path, message: 'is missing', help: BUILD })),
    ...plan.update.map(({ path }) => ({ path, message: 'is not what the model says', help: BUILD })),
    ...plan.delete.map((path) => ({ path, message: 'no longer belongs to the output', help: BUILD })),
    ...plan.conflicts.map(({ path, reason }) => ({
      path,
      message: reason,
      help: `move it away, then ${BUILD}`,
    })),
  ].sort((a, b) => (a.path < b.path ? -1 : 1));
  if (stale.length === 0 && !found.isCurrent)
    stale.push({ path: MANIFEST, message: 'is not what the last build wrote', help: BUILD });
  const errors = stale.map(({ path, message, help }) =>
    fileDiagnostic({
      rule: 'output-stale',
      severity: 'error',
      file: fileOf(path),
      message: `${path} ${message}`,
      help,
    }),
  );
  return [...errors, ...warnings({ plan, ...found }, fileOf)];
}

/** What somebody should know, though it keeps nothing from being written. */
export function warnings({ plan, isManifestReadable }: Outcome, fileOf: FileOf): LocatedDiagnostic[] {
  const warning = (rule: string, path: string, { message, help }: { message: string; help: string }) =>
    fileDiagnostic({ rule, severity: 'warning', file: fileOf(path), message: `${path} ${message}`, help });
  const damaged = warning('output-manifest', MANIFEST, {
    message: 'is no manifest, so that files of earlier builds count as written by hand',
    help: 'restore it, or let a build with --force write it anew and remove by hand what is left over',
  });
  return [
    ...(isManifestReadable ? [] : [damaged]),
    ...plan.overwrite.map(({ path, reason }) =>
      warning('output-overwritten', path, {
        message: `${reason}, and was overwritten`,
        help: 'this is what --force does; what stood there is in your version control, if anywhere',
      }),
    ),
    ...plan.keep.map((path) =>
      warning('output-kept', path, {
        message: 'no longer belongs to the output, but was changed by hand; it is left as it is',
        help: 'remove it if nobody needs it',
      }),
    ),
  ];
}
