import type { LocatedDiagnostic, Location } from '../located.ts';
import type { Style } from '../style.ts';

/** Lines shown around the place. */
const CONTEXT = 1;
/** Characters of a line that are shown; a longer line is cut around the place. */
const WIDTH = 110;

/** Diagnostics for people: what, where with the source underlined, what else is involved, how to fix it. */
export function formatPretty(diagnostics: readonly LocatedDiagnostic[], style: Style): string {
  return diagnostics.map((diagnostic) => `${formatOne(diagnostic, style)}\n`).join('\n');
}

function formatOne(diagnostic: LocatedDiagnostic, style: Style): string {
  const { rule, severity, message, related, help } = diagnostic;
  const paint = severity === 'error' ? style.red : style.yellow;
  const lines = [`${paint(style.bold(`${severity}[${rule}]`))}${style.bold(`: ${printable(message)}`)}`];
  lines.push(...frame(diagnostic, paint, style));
  for (const other of related) {
    lines.push(`  ${style.blue('note')}: ${printable(other.message)}`, ...frame(other, style.blue, style));
  }
  if (help !== undefined) lines.push(`  ${style.green('help')}: ${printable(help)}`);
  return lines.join('\n');
}

function frame(location: Location, paint: (text: string) => string, style: Style): string[] {
  const { file, start, end, source } = location;
  const where = `  ${style.dim('-->')} ${file}:${start.line}:${start.column}`;
  if (source === undefined || source.text === '') return [where];
  const first = Math.max(1, start.line - CONTEXT);
  const last = Math.min(source.lineCount, start.line + CONTEXT);
  const gutter = String(last).length;
  const lines = [where];
  for (let number = first; number <= last; number += 1) {
    const text = source.line(number);
    const isPlace = number === start.line;
    if (!isPlace && text.trim() === '') continue;
    const skipped = isPlace ? Math.max(0, Math.min(start.column - 1, text.length) - WIDTH / 2) : 0;
    const shown = printable(text.slice(skipped, skipped + WIDTH));
    lines.push(`  ${style.dim(`${String(number).padStart(gutter)} |`)} ${shown}`.trimEnd());
    if (!isPlace) continue;
    const length = Math.max(1, (end.line === start.line ? end.column - 1 : text.length) - (start.column - 1));
    const marks = '^'.repeat(Math.min(length, WIDTH));
    lines.push(
      `  ${style.dim(`${' '.repeat(gutter)} |`)} ${' '.repeat(start.column - 1 - skipped)}${paint(marks)}`,
    );
  }
  return lines;
}

/** Control characters could move the cursor; a tab is as wide as the space that replaces it. */
function printable(text: string): string {
  return text.replaceAll('\t', ' ').replace(/[\p{Cc}\u2028\u2029]/gu, '\ufffd');
}
