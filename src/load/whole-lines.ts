import type { Span } from '../diagnostics/diagnostic.ts';
import type { LineIndex } from '../diagnostics/position.ts';

interface Form {
  /** An item of a list, behind its hyphen, and no entry of a map. */
  readonly isItem: boolean;
  readonly isFirst: boolean;
}

interface Block {
  readonly first: number;
  /** One past the last line. */
  readonly after: number;
  readonly indent: string;
}

/**
 * The lines of an entry in block style, with the comments that are about it alone and one of the empty lines around it.
 * Undefined where something else stands on them.
 */
export function wholeLines(
  { start, end }: Span,
  lines: LineIndex,
  { isItem, isFirst }: Form,
): Span | undefined {
  const place = lines.position(start);
  const head = lines.line(place.line).slice(0, place.column - 1);
  const indent = (isItem ? /^ *(?=- +$)/ : /^ *$/).exec(head)?.[0];
  const stop = lines.position(end);
  const rest = lines.text.slice(end, lines.start(stop.line + 1)).trim();
  // A text of several lines ends where the next line starts.
  const isWhole = stop.column === 1 || rest === '' || rest.startsWith('#');
  if (indent === undefined || !isWhole) return undefined;
  const after = stop.column === 1 ? stop.line : stop.line + 1;
  return withGap(withComments({ first: place.line, after, indent }, lines, isFirst), lines);
}

function withComments({ first, after, indent }: Block, lines: LineIndex, isFirst: boolean): Block {
  let below = after;
  while (new RegExp(`^${indent} +#`).test(lines.line(below))) below += 1;
  let above = first;
  while (lines.line(above - 1).startsWith(`${indent}#`)) above -= 1;
  // What stands over several entries may be about all of them, and at the top of a file about the file.
  const isFollowed = new RegExp(`^${indent}[^\\s#]`).test(lines.line(below));
  const isHeading = (isFirst || isBlank(lines, above - 1)) && isFollowed;
  return { first: isHeading || above === 1 ? first : above, after: below, indent };
}

/** No empty line stands where there were two, and none at the end of the file. */
function withGap({ first, after }: Block, lines: LineIndex): Span {
  const end =
    isBlank(lines, first - 1) && isBlank(lines, after) ? lines.start(after + 1) : lines.start(after);
  let start = first;
  while (end === lines.text.length && start > 1 && isBlank(lines, start - 1)) start -= 1;
  return { start: lines.start(start), end };
}

function isBlank(lines: LineIndex, number: number): boolean {
  return lines.line(number).trim() === '';
}
