import type { LocatedDiagnostic } from '../located.ts';
import type { Style } from '../style.ts';
import { codeFrame, printable } from './code-frame.ts';

/** Diagnostics for people: what, where with the source underlined, what else is involved, how to fix it. */
export function formatPretty(diagnostics: readonly LocatedDiagnostic[], style: Style): string {
  return diagnostics.map((diagnostic) => `${formatOne(diagnostic, style)}\n`).join('\n');
}

function formatOne(diagnostic: LocatedDiagnostic, style: Style): string {
  const { rule, severity, message, related, help } = diagnostic;
  const paint = severity === 'error' ? style.red : style.yellow;
  const lines = [`${paint(style.bold(`${severity}[${rule}]`))}${style.bold(`: ${printable(message)}`)}`];
  lines.push(...codeFrame(diagnostic, paint, style));
  for (const other of related) {
    lines.push(
      `  ${style.blue('note')}: ${printable(other.message)}`,
      ...codeFrame(other, style.blue, style),
    );
  }
  if (help !== undefined) lines.push(`  ${style.green('help')}: ${printable(help)}`);
  return lines.join('\n');
}
