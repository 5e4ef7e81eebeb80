import { isCollection, isPair, type Node, type Pair, visit, type YAMLMap, type YAMLSeq } from 'yaml';
import type { Edit, Span } from '../diagnostics/diagnostic.ts';
import type { LineIndex } from '../diagnostics/position.ts';
import type { Step } from './trail.ts';
import { wholeLines } from './whole-lines.ts';

type Entry = Node | Pair<Node, Node | null>;

/**
 * Takes an entry out of its list or map, and with the last one what holds it. Undefined where something else would go
 * with it: what an anchor marks, or text of an unusual form.
 */
export function removalOf(trail: readonly Step[], lines: LineIndex): Edit | undefined {
  const step = trail.findLast(({ collection }) => collection.items.length > 1);
  const entry = step?.collection.items[step.index];
  if (step === undefined || entry === undefined || holdsAnchor(entry)) return undefined;
  const { items, flow } = step.collection;
  const extent = extentOf(entry);
  const form = { isItem: !isPair(entry), isFirst: step.index === 0 };
  const span = flow ? withComma(items, step.index, lines.text) : wholeLines(extent, lines, form);
  if (span === undefined) return undefined;
  const around = extentOf(step.collection);
  const within = { start: Math.min(around.start, span.start), end: Math.max(around.end, span.end) };
  return { span, replacement: '', within };
}

function holdsAnchor(entry: Entry): boolean {
  let found = false;
  for (const node of isPair<Node, Node | null>(entry) ? [entry.key, entry.value] : [entry]) {
    visit(node, {
      Node: (_key, { anchor }: { readonly anchor?: string }) => {
        found ||= anchor !== undefined;
      },
    });
  }
  return found;
}

/** An entry without the comments behind it, which the range of a block includes. */
function extentOf(entry: Entry): Span {
  if (isPair<Node, Node | null>(entry)) {
    return { start: extentOf(entry.key).start, end: extentOf(entry.value ?? entry.key).end };
  }
  const [start, end] = entry.range ?? [0, 0];
  const last: Entry | undefined = isBlock(entry) ? entry.items.at(-1) : undefined;
  return { start, end: last === undefined ? end : extentOf(last).end };
}

function isBlock(entry: Node): entry is YAMLMap<Node, Node | null> | YAMLSeq<Node> {
  return isCollection(entry) && entry.flow !== true;
}

/** An entry in brackets with the comma that parts it from the next one or, if it is the last, from the one before. */
function withComma(items: readonly Entry[], index: number, text: string): Span | undefined {
  const isLast = index === items.length - 1;
  const [left, right] = items.slice(isLast ? index - 1 : index).map(extentOf);
  if (left === undefined || right === undefined) return undefined;
  if (!/^\s*,\s*$/.test(text.slice(left.end, right.start))) return undefined;
  return isLast ? { start: left.end, end: right.end } : { start: left.start, end: right.start };
}
