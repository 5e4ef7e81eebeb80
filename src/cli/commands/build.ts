import { dirname, join, resolve } from 'node:path';
import { locateDiagnostics } from '../../diagnostics/located.ts';
import {
  checkOutput,
  compileModel,
  isRootModule,
  networkChanges,
  type Outcome,
  renderCluster,
  writeOutput,
} from '../../pipeline.ts';
import type { Plan } from '../../plan/plan-changes.ts';
import type { Console } from '../console.ts';
import type { ExitCode } from '../exit-code.ts';
import { conflictDiagnostics, staleDiagnostics, warnings } from '../output-diagnostics.ts';
import { isRefused, report } from '../report.ts';
import { VERSION } from '../version.ts';

export interface BuildOptions {
  readonly model: string;
  readonly output?: string;
  readonly check: boolean;
  readonly force: boolean;
  readonly strict: boolean;
}

/** Compiles the model and brings the output directory to what it says, or with `check` tells whether it is. */
export async function build(options: BuildOptions, console: Console): Promise<ExitCode> {
  const compilation = compileModel(options.model);
  const diagnostics = locateDiagnostics(compilation.diagnostics, compilation);
  const { cluster, locate } = compilation;
  if (cluster === undefined || locate === undefined || isRefused(diagnostics, options))
    return report(diagnostics, console, options);
  const artifacts = await renderCluster(cluster, options.model);
  const root = options.output ?? join(dirname(options.model), 'generated');
  const fileOf = (path: string) => console.pathOf(join(root, path));
  const anew = ({ before }: Outcome) =>
    locateDiagnostics(networkChanges(cluster, before, artifacts).map(locate), compilation);
  const how = { force: options.force && !options.check, generator: VERSION, remember: isRootModule };
  if (options.check) {
    const outcome = checkOutput(root, artifacts, how);
    return report([...diagnostics, ...anew(outcome), ...staleDiagnostics(outcome, fileOf)], console);
  }
  const outcome = await writeOutput(root, artifacts, how);
  const conflicts = conflictDiagnostics(outcome, fileOf);
  if (conflicts.length === 0) tell(outcome.plan, console.pathOf(resolve(root)), console);
  const changes = conflicts.length === 0 ? anew(outcome) : [];
  return report([...diagnostics, ...changes, ...conflicts, ...warnings(outcome, fileOf)], console);
}

function tell(plan: Plan, root: string, console: Console): void {
  const list = (sign: string, paths: readonly string[]) => {
    for (const path of paths) console.say(`  ${sign} ${path}`);
  };
  const pathsOf = (artifacts: readonly { readonly path: string }[]) => artifacts.map(({ path }) => path);
  list('+', pathsOf(plan.create));
  list('~', pathsOf(plan.update));
  list('!', pathsOf(plan.overwrite));
  list('-', plan.delete);
  const counts = [
    `${plan.create.length} created`,
    `${plan.update.length} updated`,
    `${plan.overwrite.length} overwritten`,
    `${plan.delete.length} deleted`,
    `${plan.unchanged.length} unchanged`,
  ].filter((count) => !count.startsWith('0 '));
  console.say(`${root}: ${counts.join(', ')}`);
}
