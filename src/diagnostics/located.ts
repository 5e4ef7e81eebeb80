import { type Diagnostic, formatPath, type Span } from './diagnostic.ts';
import { LineIndex, type Position } from './position.ts';

/** A place in a file, with the text around it where there is one to show. */
export interface Location {
  readonly file: string;
  readonly start: Position;
  /** One past the last character. */
  readonly end: Position;
  readonly source?: LineIndex;
}

/** A diagnostic as every formatter needs it: with lines and columns. */
export interface LocatedDiagnostic extends Location {
  readonly rule: string;
  readonly severity: Diagnostic['severity'];
  readonly message: string;
  readonly path?: string;
  readonly related: readonly (Location & { readonly message: string })[];
  readonly help?: string;
  readonly edit?: LocatedEdit;
}

/** A change of a file: what stands at a place, and what is to stand there. */
export interface LocatedEdit extends Location {
  readonly span: Span;
  readonly replacement: string;
}

/** The diagnostics of a file in the order of their places. */
export function locateDiagnostics(
  diagnostics: readonly Diagnostic[],
  { file, text }: { readonly file: string; readonly text: string },
): LocatedDiagnostic[] {
  const source = new LineIndex(text);
  const locate = ({ start, end }: Span): Location => ({
    file,
    start: source.position(start),
    end: source.position(Math.max(start, end)),
    source,
  });
  return diagnostics
    .toSorted((a, b) => a.span.start - b.span.start || a.span.end - b.span.end)
    .map(({ rule, severity, message, span, path, related = [], help, edit }) => ({
      rule,
      severity,
      message,
      ...locate(span),
      ...(path === undefined ? {} : { path: formatPath(path) }),
      related: related.map((other) => ({ ...locate(other.span), message: other.message })),
      ...(help === undefined ? {} : { help }),
      ...(edit === undefined
        ? {}
        : { edit: { ...locate(edit.span), span: edit.span, replacement: edit.replacement } }),
    }));
}

/** A diagnostic about a whole file. */
export function fileDiagnostic(
  diagnostic: Pick<LocatedDiagnostic, 'rule' | 'severity' | 'message' | 'file' | 'help'>,
): LocatedDiagnostic {
  const start = { line: 1, column: 1 };
  return { ...diagnostic, start, end: start, related: [] };
}
