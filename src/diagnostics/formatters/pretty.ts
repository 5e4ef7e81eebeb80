import type { LocatedDiagnostic } from '../located.ts';
import type { Style } from '../style.ts';
import { codeFrame } from './code-frame.ts';
import { printable } from './to-cells.ts';

/** Cells of a line where nobody says how wide it is. */
const WIDTH = 120;

/** Diagnostics for people: what, where with the source underlined, what else is involved, how to fix it. */
export function formatPretty(
  diagnostics: readonly LocatedDiagnostic[],
  style: Style,
  width: number = WIDTH,
): string {
  return diagnostics.map((diagnostic) => `${formatOne(diagnostic, style, width)}\n`).join('\n');
}

function formatOne(diagnostic: LocatedDiagnostic, style: Style, width: number): string {
  const { rule, severity, message, related, help, edit } = diagnostic;
  const paint = severity === 'error' ? style.red : style.yellow;
  const lines = [`${paint(style.bold(`${severity}[${rule}]`))}${style.bold(`: ${printable(message)}`)}`];
  lines.push(...codeFrame(diagnostic, { paint, style, width }));
  for (const other of related) {
    lines.push(
      `  ${style.blue('note')}: ${printable(other.message)}`,
      ...codeFrame(other, { paint: style.blue, style, width }),
    );
  }
  // What `validate --fix` does by itself is no advice.
  const label = edit === undefined ? 'help' : 'fix';
  if (help !== undefined) lines.push(`  ${style.green(label)}: ${printable(help)}`);
  return lines.join('\n');
}
