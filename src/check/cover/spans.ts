/** Whole numbers from the first to the last, both included. */
export type Span = readonly [first: number, last: number];

/** A set of whole numbers: spans in order, apart from each other. */
export type Spans = readonly Span[];

/** The set of all numbers of some spans, in any order. */
export function spansOf(spans: readonly Span[]): Spans {
  const isInOrder = spans.every(([first], index) => first > (spans[index - 1]?.[1] ?? -2) + 1);
  if (isInOrder) return spans;
  const joined: [number, number][] = [];
  for (const [first, last] of [...spans].sort(([a], [b]) => a - b)) {
    const before = joined.at(-1);
    if (before !== undefined && first <= before[1] + 1) before[1] = Math.max(before[1], last);
    else joined.push([first, last]);
  }
  return joined;
}

/** Whether a number is in a set, by halves: a set can have a span for each node. */
export function has(spans: Spans, value: number): boolean {
  return (spans[placeOf(spans, value)]?.[0] ?? Number.POSITIVE_INFINITY) <= value;
}

/** The place of the first span that ends at a number or after it. */
function placeOf(spans: Spans, value: number): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle]?.[1] ?? value) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What is in both sets. */
export function common(a: Spans, b: Spans): Spans {
  const found: Span[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const [one, other] = [a[i], b[j]];
    if (one === undefined || other === undefined) break;
    const [first, last] = [Math.max(one[0], other[0]), Math.min(one[1], other[1])];
    if (first <= last) found.push([first, last]);
    if (one[1] < other[1]) i += 1;
    else j += 1;
  }
  return found;
}

/** Whether anything is in both sets. */
export function overlap(a: Spans, b: Spans): boolean {
  const [few, many] = a.length < b.length ? [a, b] : [b, a];
  return few.some(([first, last]) => (many[placeOf(many, first)]?.[0] ?? Number.POSITIVE_INFINITY) <= last);
}

/** What is in the first set and not in the second. */
export function without(a: Spans, b: Spans): Spans {
  const left: Span[] = [];
  let j = 0;
  for (const [first, last] of a) {
    let next = first;
    while ((b[j]?.[1] ?? Number.POSITIVE_INFINITY) < first) j += 1;
    for (let k = j; next <= last; k += 1) {
      const [from, to] = b[k] ?? [last + 1, last + 1];
      if (from > next) left.push([next, Math.min(from - 1, last)]);
      next = Math.max(next, to + 1);
      if (from > last) break;
    }
  }
  return left;
}
