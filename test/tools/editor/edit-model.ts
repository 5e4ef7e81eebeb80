import { type Document, isMap, isSeq, type Node, type Pair, parseDocument, type YAMLMap } from 'yaml';
import type { Path, Span } from '../../../src/diagnostics/diagnostic.ts';

/** A YAML text in which something was changed, and where that stands. */
export interface Edited {
  readonly text: string;
  readonly span: Span;
}

/** Puts a value, written on one line, in place of another. */
export function replaceValue(text: string, path: Path, value: unknown): Edited {
  return splice(text, spanIn(text, path, 'value'), JSON.stringify(value));
}

/** Gives a key another name. */
export function renameKey(text: string, path: Path, key: string): Edited {
  return splice(text, spanIn(text, path, 'key'), JSON.stringify(key));
}

/** Puts an entry before the others of a map; the span is that of its key. */
export function addEntry(text: string, path: Path, key: string, value: unknown): Edited {
  const [first] = mapAt(text, path).items;
  const { start } = spanOf(first?.key, text);
  const indentation = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  const end = /^ *$/.test(indentation) ? `\n${indentation}` : ', ';
  const edited = splice(text, { start, end: start }, `${key}: ${JSON.stringify(value)}${end}`);
  return { text: edited.text, span: { start, end: start + key.length } };
}

/** Takes an entry out of its map, which has others. */
export function removeEntry(text: string, path: Path): string {
  const { items } = mapAt(text, path.slice(0, -1));
  const index = items.findIndex((pair) => isKey(pair, path.at(-1)));
  const next = items[index + 1];
  const previous = items[index - 1];
  const own = items[index];
  if (own === undefined || (next ?? previous) === undefined)
    throw new Error(`no entry among others: ${path.join('.')}`);
  const start = next === undefined ? spanOf(previous?.value, text).end : spanOf(own.key, text).start;
  const end = next === undefined ? spanOf(own.value, text).end : spanOf(next.key, text).start;
  return text.slice(0, start) + text.slice(end);
}

/** Where a key or value stands in a YAML text. */
export function spanIn(text: string, path: Path, part: 'key' | 'value'): Span {
  const parent = documentOf(text).getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  if (isSeq<Node>(parent)) return spanOf(parent.items[Number(last)], text);
  const pair = mapAt(text, path.slice(0, -1)).items.find((item) => isKey(item, last));
  return spanOf(part === 'key' ? pair?.key : pair?.value, text);
}

function mapAt(text: string, path: Path): YAMLMap<Node, Node> {
  const map = path.length === 0 ? documentOf(text).contents : documentOf(text).getIn(path, true);
  if (!isMap<Node, Node>(map)) throw new Error(`no map at ${path.join('.')}`);
  return map;
}

function isKey({ key }: Pair<Node, Node>, name: unknown): boolean {
  return 'value' in key && key.value === name;
}

/** The place of a node alone, without the white space behind it. */
function spanOf(node: Node | null | undefined, text: string): Span {
  if (node?.range == null) throw new Error('nothing stands there');
  const [start, end] = node.range;
  return { start, end: start + text.slice(start, end).trimEnd().length };
}

function splice(text: string, { start, end }: Span, other: string): Edited {
  return { text: text.slice(0, start) + other + text.slice(end), span: { start, end: start + other.length } };
}

const documents = new Map<string, Document.Parsed>();

/** A text's document, parsed once: the same few are edited over and over. */
function documentOf(text: string): Document.Parsed {
  const known = documents.get(text) ?? parseDocument(text);
  documents.set(text, known);
  return known;
}
