import type { LocatedDiagnostic, Location } from '../located.ts';

/** Diagnostics for programs: lines and columns from 1, ends exclusive. */
export function formatJson(diagnostics: readonly LocatedDiagnostic[]): string {
  const output = diagnostics.map(({ rule, severity, message, path, related, help, ...location }) => ({
    rule,
    severity,
    message,
    ...place(location),
    ...(path === undefined ? {} : { path }),
    related: related.map((other) => ({ message: other.message, ...place(other) })),
    ...(help === undefined ? {} : { help }),
  }));
  return `${JSON.stringify({ version: 1, diagnostics: output }, null, 2)}\n`;
}

function place({ file, start, end }: Location) {
  return { file, line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
}
