import type { Advice } from './diagnostic.ts';

/** The candidate that was most likely meant, or undefined where none is close. */
export function suggest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = word.toLowerCase();
  const tooFar = Math.max(1, Math.floor(word.length / 3)) + 1;
  let best: string | undefined;
  let bestScore = tooFar;
  for (const candidate of candidates) {
    const known = candidate.toLowerCase();
    const distance = editDistance(wanted, known, tooFar);
    // Of two that are equally close, the one that is the other's start: "workers" is "worker" rather than "worker1".
    const isStart = known.startsWith(wanted) || wanted.startsWith(known);
    const score = distance - (isStart ? 0.5 : 0);
    if (distance < tooFar && score < bestScore) {
      best = candidate;
      bestScore = score;
    }
  }
  return best;
}

/** The help for a word that is unknown: the one that was most likely meant, or else another text. */
export function didYouMean(word: string, candidates: Iterable<string>, otherwise: string): string {
  const meant = suggest(word, candidates);
  return meant === undefined ? otherwise : `did you mean "${meant}"?`;
}

/** What to say of a text that was likely meant, or that no other can have been meant for. */
export function adviceOf(meant: string, isCertain: boolean): Advice {
  return isCertain
    ? { help: `write "${meant}"`, fix: { write: meant } }
    : { help: `did you mean "${meant}"?` };
}

/**
 * The word of a closed list that another one is for certain: but for capitals, hyphens and underscores the same, or one
 * slip of the keyboard away and near no other. What differs in its numbers, and what is short, is another word.
 */
export function slipOf(word: string, known: readonly string[]): string | undefined {
  const bare = (text: string) => text.toLowerCase().replace(/[-_]/g, '');
  const same = known.filter((candidate) => bare(candidate) === bare(word));
  if (same.length > 0) return same.length === 1 ? same[0] : undefined;
  const near = known.filter((candidate) => editDistance(word, candidate, 3) < 3);
  const [meant] = near;
  if (meant === undefined || near.length > 1 || word.length < 4) return undefined;
  const isSlip = editDistance(word, meant, 2) === 1 && word.replace(/\D/g, '') === meant.replace(/\D/g, '');
  return isSlip ? meant : undefined;
}

/** The optimal string alignment distance (insert, delete, replace, swap neighbours), or `limit` where it is not below. */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(
        at(last, column) + 1,
        at(current, column - 1) + 1,
        at(last, column - 1) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        cost = Math.min(cost, at(beforeLast, column - 2) + 1);
      }
      current.push(cost);
    }
    if (Math.min(...current) >= limit) return limit;
    beforeLast = last;
    last = current;
  }
  return Math.min(at(last, b.length), limit);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
