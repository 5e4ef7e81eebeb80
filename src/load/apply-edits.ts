import type { Edit } from '../diagnostics/diagnostic.ts';

/** A text after as many of these edits as can be made together. What they would all be after is found in its next round. */
export function applyEdits(text: string, edits: readonly Edit[]): { text: string; count: number } {
  const placeOf = ({ span, within }: Edit) => within ?? span;
  const chosen: Edit[] = [];
  for (const edit of edits.toSorted((a, b) => placeOf(a).start - placeOf(b).start)) {
    const last = chosen.at(-1);
    if (last === undefined || placeOf(last).end <= placeOf(edit).start) chosen.push(edit);
  }
  let done = 0;
  const parts = chosen.map(({ span, replacement }) => {
    const kept = text.slice(done, span.start);
    done = span.end;
    return kept + replacement;
  });
  return { text: [...parts, text.slice(done)].join(''), count: chosen.length };
}
