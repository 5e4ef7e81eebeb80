import type { LocatedDiagnostic } from '../diagnostics/located.ts';
import type { Console } from './console.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { VERSION } from './version.ts';

export interface Strictness {
  /** Whether a warning is as bad as an error. */
  readonly strict: boolean;
}

/** What a command tells besides its diagnostics: to people as text, to programs as members of the JSON. */
export interface Result {
  readonly text: string;
  readonly json: object;
}

/** Prints diagnostics in the format asked for; the exit code is that of the worst. */
export async function report(
  diagnostics: readonly LocatedDiagnostic[],
  console: Console,
  { strict = false, result }: Partial<Strictness> & { readonly result?: Result } = {},
): Promise<ExitCode> {
  if (console.format === 'pretty' && result !== undefined) console.result(result.text);
  if (console.format !== 'pretty') console.result(await formatted(diagnostics, console.format, result));
  else if (diagnostics.length > 0) {
    const { formatPretty } = await import('../diagnostics/formatters/pretty.ts');
    console.error(`${formatPretty(diagnostics, console.style, console.width)}\n${summary(diagnostics)}\n`);
  }
  return isRefused(diagnostics, { strict }) ? EXIT.problems : EXIT.ok;
}

/** Whether diagnostics keep a command from doing what it is for. */
export function isRefused(
  diagnostics: readonly Pick<LocatedDiagnostic, 'severity'>[],
  { strict }: Strictness,
): boolean {
  return diagnostics.some(({ severity }) => strict || severity === 'error');
}

async function formatted(
  diagnostics: readonly LocatedDiagnostic[],
  format: 'json' | 'github' | 'sarif',
  result?: Result,
): Promise<string> {
  switch (format) {
    case 'json':
      return (await import('../diagnostics/formatters/json.ts')).formatJson(diagnostics, result?.json);
    case 'github':
      return (await import('../diagnostics/formatters/github.ts')).formatGithub(diagnostics);
    case 'sarif': {
      const { formatSarif } = await import('../diagnostics/formatters/sarif.ts');
      const { rules } = await import('../check/rules/index.ts');
      const texts = new Map(rules.map(({ id, docs }) => [id, docs]));
      return formatSarif(diagnostics, { version: VERSION, rules: texts });
    }
  }
}

function summary(diagnostics: readonly LocatedDiagnostic[]): string {
  const count = (severity: LocatedDiagnostic['severity']) => {
    const number = diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
    return number === 0 ? [] : [`${number} ${severity}${number === 1 ? '' : 's'}`];
  };
  const fixable = diagnostics.filter(({ edit }) => edit !== undefined).length;
  const hint = fixable === 0 ? '' : `; \`gen-infra validate --fix\` fixes ${fixable}`;
  return [...count('error'), ...count('warning')].join(', ') + hint;
}
