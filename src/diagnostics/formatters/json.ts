import type { LocatedDiagnostic, LocatedEdit, Location } from '../located.ts';

/** Diagnostics for programs: lines and columns from 1, ends exclusive; and what else a command has to tell. */
export function formatJson(diagnostics: readonly LocatedDiagnostic[], result: object = {}): string {
  const output = diagnostics.map(({ rule, severity, message, path, related, help, edit, ...location }) => ({
    rule,
    severity,
    message,
    ...place(location),
    ...(path === undefined ? {} : { path }),
    related: related.map((other) => ({ message: other.message, ...place(other) })),
    ...(help === undefined ? {} : { help }),
    ...(edit === undefined ? {} : { edit: change(edit) }),
  }));
  return `${JSON.stringify({ version: 1, diagnostics: output, ...result }, null, 2)}\n`;
}

/** Offsets count UTF-16 units from the start of the text, without a byte order mark. */
function change({ span, replacement, ...location }: LocatedEdit) {
  return { ...place(location), offset: span.start, endOffset: span.end, replacement };
}

function place({ file, start, end }: Location) {
  return { file, line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
}
