import type { LocatedDiagnostic } from '../located.ts';

/**
 * Diagnostics as workflow commands, which GitHub shows at the lines of a pull request. Columns are left out where a
 * diagnostic ends on another line: GitHub takes them on one line only.
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
export function formatGithub(diagnostics: readonly LocatedDiagnostic[]): string {
  return diagnostics.map((diagnostic) => `${command(diagnostic)}\n`).join('');
}

function command({ severity, rule, message, help, file, start, end }: LocatedDiagnostic): string {
  const properties = {
    file,
    line: start.line,
    endLine: end.line,
    ...(end.line === start.line ? { col: start.column, endColumn: end.column } : {}),
    title: rule,
  };
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
  const text = help === undefined ? message : `${message}\nhelp: ${help}`;
  return `::${severity} ${list.join(',')}::${escapeData(text)}`;
}

/** @see https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
