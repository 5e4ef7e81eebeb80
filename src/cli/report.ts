import type { LocatedDiagnostic } from '../diagnostics/located.ts';
import type { Console } from './console.ts';
import { EXIT, type ExitCode } from './exit-code.ts';

/** Prints diagnostics in the format asked for; the exit code is that of the worst. */
export async function report(diagnostics: readonly LocatedDiagnostic[], console: Console): Promise<ExitCode> {
  if (console.isJson) {
    const { formatJson } = await import('../diagnostics/formatters/json.ts');
    console.result(formatJson(diagnostics));
  } else if (diagnostics.length > 0) {
    const { formatPretty } = await import('../diagnostics/formatters/pretty.ts');
    console.error(`${formatPretty(diagnostics, console.style)}\n${summary(diagnostics)}\n`);
  }
  return diagnostics.some(({ severity }) => severity === 'error') ? EXIT.problems : EXIT.ok;
}

function summary(diagnostics: readonly LocatedDiagnostic[]): string {
  const count = (severity: LocatedDiagnostic['severity']) => {
    const number = diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
    return number === 0 ? [] : [`${number} ${severity}${number === 1 ? '' : 's'}`];
  };
  return [...count('error'), ...count('warning')].join(', ');
}
