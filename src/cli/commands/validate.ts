import { locateDiagnostics } from '../../diagnostics/located.ts';
import { compileModel } from '../../pipeline.ts';
import type { Console } from '../console.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { isRefused, report } from '../report.ts';

export interface ValidateOptions {
  readonly model: string;
  readonly resolved: boolean;
  readonly strict: boolean;
}

/** Reports what is wrong with the model; with `resolved` prints it with every default filled in. */
export async function validate(options: ValidateOptions, console: Console): Promise<ExitCode> {
  const compilation = compileModel(options.model);
  const diagnostics = locateDiagnostics(compilation.diagnostics, compilation);
  const { cluster, model } = compilation;
  if (options.resolved && cluster !== undefined && model !== undefined && !isRefused(diagnostics, options)) {
    const { formatResolved } = await import('../format-resolved.ts');
    console.result(formatResolved(cluster, model));
    return console.format === 'pretty' ? report(diagnostics, console) : EXIT.ok;
  }
  const exitCode = await report(diagnostics, console, options);
  if (exitCode === EXIT.ok) console.say(`${console.pathOf(options.model)}: valid`);
  return exitCode;
}
