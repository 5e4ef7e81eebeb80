import { dirname, join, resolve } from 'node:path';
import { fileDiagnostic, type LocatedDiagnostic, locateDiagnostics } from '../../diagnostics/located.ts';
import { checkOutput, compileModel, renderCluster, writeOutput } from '../../pipeline.ts';
import type { Plan } from '../../plan/plan-changes.ts';
import type { Console } from '../console.ts';
import type { ExitCode } from '../exit-code.ts';
import { report } from '../report.ts';
import { VERSION } from '../version.ts';

export interface BuildOptions {
  readonly model: string;
  readonly output?: string;
  readonly check: boolean;
  readonly force: boolean;
}

/** Compiles the model and brings the output directory to what it says, or with `check` tells whether it is. */
export async function build(options: BuildOptions, console: Console): Promise<ExitCode> {
  const compilation = compileModel(options.model);
  const diagnostics = locateDiagnostics(compilation.diagnostics, compilation);
  if (compilation.cluster === undefined) return report(diagnostics, console);
  const artifacts = await renderCluster(compilation.cluster, options.model);
  const root = options.output ?? join(dirname(options.model), 'generated');
  const writing = { force: options.force, generator: VERSION };
  if (options.check) {
    const { plan, current } = checkOutput(root, artifacts, writing);
    const stale = current ? [] : staleFiles(plan, root, console);
    return report([...diagnostics, ...stale], console);
  }
  const plan = await writeOutput(root, artifacts, writing);
  const conflicts = plan.conflicts.map(({ path, reason }) =>
    fileDiagnostic({
      rule: 'output-conflict',
      severity: 'error',
      file: console.pathOf(join(root, path)),
      message: `${path} ${reason}; nothing was written`,
      help: reason.startsWith('was') ? 'move it away, or overwrite it with --force' : 'move it away',
    }),
  );
  if (conflicts.length === 0) tell(plan, console.pathOf(resolve(root)), console);
  return report([...diagnostics, ...conflicts, ...keptFiles(plan, root, console)], console);
}

function tell(plan: Plan, root: string, console: Console): void {
  const list = (sign: string, paths: readonly string[]) => {
    for (const path of paths) console.say(`  ${sign} ${path}`);
  };
  const pathsOf = (artifacts: readonly { readonly path: string }[]) => artifacts.map(({ path }) => path);
  list('+', pathsOf(plan.create));
  list('~', pathsOf(plan.update));
  list('-', plan.delete);
  const counts = [
    `${plan.create.length} created`,
    `${plan.update.length} updated`,
    `${plan.delete.length} deleted`,
    `${plan.unchanged.length} unchanged`,
  ].filter((count) => !count.startsWith('0 '));
  console.say(`${root}: ${counts.join(', ')}`);
}

function staleFiles(plan: Plan, root: string, console: Console): LocatedDiagnostic[] {
  const stale = [
    ...plan.create.map(({ path }) => ({ path, message: 'is missing' })),
    ...plan.update.map(({ path }) => ({ path, message: 'is not what the model says' })),
    ...plan.delete.map((path) => ({ path, message: 'no longer belongs to the output' })),
    ...plan.conflicts.map(({ path, reason }) => ({ path, message: reason })),
  ];
  const files =
    stale.length === 0 ? [{ path: '.gen-infra.json', message: 'is not what the last build wrote' }] : stale;
  return files.map(({ path, message }) =>
    fileDiagnostic({
      rule: 'output-stale',
      severity: 'error',
      file: console.pathOf(join(root, path)),
      message: `${path} ${message}`,
      help: 'run gen-infra build',
    }),
  );
}

function keptFiles(plan: Plan, root: string, console: Console): LocatedDiagnostic[] {
  return plan.keep.map((path) =>
    fileDiagnostic({
      rule: 'output-kept',
      severity: 'warning',
      file: console.pathOf(join(root, path)),
      message: `${path} no longer belongs to the output, but was changed by hand; it is left as it is`,
      help: 'remove it if nobody needs it',
    }),
  );
}
