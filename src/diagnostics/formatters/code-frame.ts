import type { Location } from '../located.ts';
import type { Style } from '../style.ts';

/** Lines shown around the place. */
const CONTEXT = 1;
/** Characters of a line that are shown; a longer line is cut around the place. */
const WIDTH = 110;
const CUT = '...';

/** Where a place is, and the source around it with the place underlined. */
export function codeFrame(location: Location, paint: (text: string) => string, style: Style): string[] {
  const { file, start, end, source } = location;
  const where = `  ${style.dim('-->')} ${file}:${start.line}:${start.column}`;
  if (source === undefined || source.text === '') return [where];
  const last = Math.min(source.lineCount, start.line + CONTEXT);
  const place = source.line(start.line);
  const from = Math.min(start.column - 1, place.length);
  const to = Math.max(from + 1, end.line === start.line ? end.column - 1 : place.length);
  const skipped = to <= WIDTH || from <= WIDTH / 2 ? 0 : from - WIDTH / 2;
  const row = (label: string, text: string) => `  ${style.dim(`${label} |`)} ${text}`.trimEnd();
  const lines = [where];
  for (let number = Math.max(1, start.line - CONTEXT); number <= last; number += 1) {
    const text = source.line(number);
    const isPlace = number === start.line;
    if (!isPlace && text.slice(skipped).trim() === '') continue;
    const label = String(number).padStart(String(last).length);
    lines.push(row(label, printable(cut(text, skipped))));
    if (!isPlace) continue;
    const blank = ' '.repeat(cells(cut(text, skipped).slice(0, from - skipped)));
    const marks = '^'.repeat(cells(place.slice(from, Math.min(to, skipped + WIDTH))) || 1);
    lines.push(row(' '.repeat(label.length), blank + paint(marks)));
  }
  return lines;
}

/** The part of a line that is shown. */
function cut(text: string, skipped: number): string {
  const shown = text.slice(skipped, skipped + WIDTH);
  const start = skipped === 0 ? shown : CUT + shown.slice(CUT.length);
  return skipped + WIDTH >= text.length ? start : start.slice(0, -CUT.length) + CUT;
}

/** Control characters could move the cursor; a tab is as wide as the space that replaces it. */
export function printable(text: string): string {
  return text.replaceAll('\t', ' ').replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\ufffd');
}

/** Wide characters of East Asian scripts (Unicode annex 11), which take two cells of a terminal. */
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]/g;

/** How many cells of a terminal a text takes. Characters beyond the basic plane are two code units, and wide. */
function cells(text: string): number {
  return text.replace(/\p{Mn}/gu, '').replace(WIDE, 'xx').length;
}
