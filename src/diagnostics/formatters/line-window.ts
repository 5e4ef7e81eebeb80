import { toCells } from './to-cells.ts';

/** The columns of lines that are shown: all of a short line, and of a long one those around a place. */
export interface LineWindow {
  /** What is seen of a line. */
  readonly show: (line: string) => string;
  /** The cells before the place, and under it. */
  readonly before: number;
  readonly under: number;
}

const CUT = '...';
/** Characters left and right of a place that are looked at: more than any terminal shows. */
const REACH = 2000;

/** The window of so many cells around a part of a line, offsets in UTF-16 units. */
export function windowAround(
  line: string,
  { start, end }: { readonly start: number; readonly end: number },
  width: number,
): LineWindow {
  const base = Math.max(0, start - REACH);
  const from = toCells(line.slice(base, start)).length;
  const to = from + Math.max(1, toCells(line.slice(start, Math.min(end, start + REACH))).length);
  const skipped = to <= width || from <= width / 2 ? 0 : from - Math.floor(width / 2);
  return {
    show: (other) => cut(toCells(other.slice(base, start + REACH)), skipped, width),
    before: from - skipped,
    under: Math.min(to, skipped + width) - from,
  };
}

/** So many cells of a line after those that are skipped, with marks where there is more of it. */
function cut(cells: readonly string[], skipped: number, width: number): string {
  const left = skipped > 0 ? CUT : '';
  const right = cells.length > skipped + width ? CUT : '';
  const until = skipped + width - right.length;
  const shown = cells.slice(skipped + left.length, until);
  // Of a wide character that is cut in two there stays a blank.
  if (shown[0] === '') shown[0] = ' ';
  if (cells[until] === '') shown[shown.length - 1] = ' ';
  return shown.join('').trim() === '' ? '' : left + shown.join('') + right;
}
