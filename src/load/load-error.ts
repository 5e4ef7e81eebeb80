import type { Diagnostic, Related, Span } from '../diagnostics/diagnostic.ts';

/** What keeps a text from being read as a model. */
export function loadError(
  rule: string,
  span: Span,
  message: string,
  more: { readonly help?: string; readonly related?: readonly Related[] } = {},
): Diagnostic {
  return { rule, severity: 'error', span, message, ...more };
}
