import { existsSync, statSync } from 'node:fs';
import { locateDiagnostics } from '../../diagnostics/located.ts';
import { compileModel, type Fixed, fixModel } from '../../pipeline.ts';
import type { Console } from '../console.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { isRefused, report } from '../report.ts';

export interface ValidateOptions {
  readonly model: string;
  readonly resolved: boolean;
  readonly fix: boolean;
  readonly strict: boolean;
}

/** Reports what is wrong with the model; with `resolved` prints it with every default filled in, with `fix` mends it first. */
export async function validate(options: ValidateOptions, console: Console): Promise<ExitCode> {
  if (options.fix && isStream(options.model)) {
    console.error(`gen-infra: ${options.model} is no file that --fix could write\n`);
    return EXIT.usage;
  }
  const compilation: Fixed = options.fix
    ? fixModel(options.model)
    : { ...compileModel(options.model), fixed: 0 };
  const diagnostics = locateDiagnostics(compilation.diagnostics, compilation);
  const { cluster, model, fixed } = compilation;
  if (options.resolved && cluster !== undefined && model !== undefined && !isRefused(diagnostics, options)) {
    const { formatResolved } = await import('../format-resolved.ts');
    console.result(formatResolved(cluster, model));
    return console.format === 'pretty' ? report(diagnostics, console) : EXIT.ok;
  }
  const file = console.pathOf(options.model);
  if (fixed > 0) console.say(`${file}: ${fixed} fixed, ${diagnostics.length} left`);
  const exitCode = await report(diagnostics, console, options);
  if (exitCode === EXIT.ok) console.say(`${file}: valid`);
  return exitCode;
}

/** Whether a name leads to a pipe or a device: what is read there is gone. */
function isStream(name: string): boolean {
  if (!existsSync(name)) return false;
  const target = statSync(name);
  return !target.isFile() && !target.isDirectory();
}
