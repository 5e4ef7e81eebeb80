import type { Location } from '../located.ts';
import type { Style } from '../style.ts';
import { windowAround } from './line-window.ts';

/** Where a frame is shown, and how. */
export interface Look {
  readonly style: Style;
  /** How the marks below a place are painted. */
  readonly paint: (text: string) => string;
  /** Cells of a line of the terminal. */
  readonly width: number;
}

/** Lines shown around the place. */
const CONTEXT = 1;
/** Cells left of a line for its number; a line that does not fit beside it is cut around the place. */
const MARGIN = 10;
/** Cells of a line that are shown in any case. */
const LEAST = 30;

/** Where a place is, and the source around it with the place underlined. */
export function codeFrame(location: Location, { style, paint, width }: Look): string[] {
  const { file, start, end, source } = location;
  const where = `  ${style.dim('-->')} ${file}:${start.line}:${start.column}`;
  if (source === undefined || source.text === '') return [where];
  const last = Math.min(source.lineCount, start.line + CONTEXT);
  const place = source.line(start.line);
  const from = Math.min(start.column - 1, place.length);
  const to = end.line === start.line ? end.column - 1 : place.length;
  const seen = windowAround(place, { start: from, end: to }, Math.max(LEAST, width - MARGIN));
  const row = (label: string, text: string) => `  ${style.dim(`${label} |`)} ${text}`.trimEnd();
  const lines = [where];
  for (let number = Math.max(1, start.line - CONTEXT); number <= last; number += 1) {
    const text = seen.show(source.line(number));
    const isPlace = number === start.line;
    if (!isPlace && text.trim() === '') continue;
    const label = String(number).padStart(String(last).length);
    lines.push(row(label, text));
    if (isPlace)
      lines.push(row(' '.repeat(label.length), ' '.repeat(seen.before) + paint('^'.repeat(seen.under))));
  }
  return lines;
}
