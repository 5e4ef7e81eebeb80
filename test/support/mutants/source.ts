import { isMap, isNode, isScalar, isSeq, type Node, type Pair, parseDocument, type YAMLMap } from 'yaml';
import type { Path } from '../../../src/diagnostics/diagnostic.ts';
import type { Cluster } from '../../../src/resolve/cluster.ts';

/** A piece of text instead of another one; all around it stays as it is. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** What is pointed at when the edit takes something away: who had it, and where it is named. */
  readonly owner?: readonly [start: number, end: number];
  readonly names?: readonly string[];
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** A model's text that is to be changed at paths of its data, with the cluster that it means. */
export class Source {
  readonly name: string;
  /** Its place among all models. */
  readonly number: number;
  readonly text: string;
  readonly cluster: Cluster;
  readonly #yaml: ReturnType<typeof parseDocument>;

  constructor(source: Pick<Source, 'name' | 'number' | 'text' | 'cluster'>) {
    this.name = source.name;
    this.number = source.number;
    this.text = source.text;
    this.cluster = source.cluster;
    this.#yaml = parseDocument(source.text);
  }

  /** Whether something stands at a path. */
  has(path: Path): boolean {
    return isNode(this.#yaml.getIn(path, true));
  }

  /** What stands at a path, as data. */
  get(path: Path): unknown {
    const node = this.#yaml.getIn(path, true);
    return isNode(node) ? node.toJS(this.#yaml) : undefined;
  }

  /** The paths below a map or list, in the order of the text. */
  below(path: Path): Path[] {
    const node = path.length === 0 ? this.#yaml.contents : this.#yaml.getIn(path, true);
    if (isSeq(node)) return node.items.map((_, index) => [...path, index]);
    return isMap(node) ? node.items.map((pair) => [...path, keyOf(pair)]) : [];
  }

  /** Every path that something stands at. */
  paths(path: Path = []): Path[] {
    return this.below(path).flatMap((child) => [child, ...this.paths(child)]);
  }

  /** Another value at a path that stands in the text. */
  *replace(path: Path, text: string): Iterable<Edit> {
    const span = this.#valueSpan(path);
    if (span !== undefined) yield { ...span, text };
  }

  /** The value at a path, also where its key is not said yet. */
  *set(path: Path, text: string): Iterable<Edit> {
    if (this.has(path)) yield* this.replace(path, text);
    else yield* this.insert(path.slice(0, -1), `${path.at(-1)}: ${text}`);
  }

  *renameKey(path: Path, text: string): Iterable<Edit> {
    const span = this.#pairAt(path)?.key;
    if (isNode(span)) yield { ...this.#spanOf(span), text };
  }

  /** One more entry of a map or list, or of the whole model. */
  *insert(path: Path, entry: string): Iterable<Edit> {
    const node = path.length === 0 ? this.#yaml.contents : this.#yaml.getIn(path, true);
    if (!(isMap(node) || isSeq(node)) || node.range == null) return;
    const [first, last] = [node.items.at(0), node.items.at(-1)].map((item) => this.#itemSpan(item));
    if (first === undefined || last === undefined) return;
    if (node.flow === true) {
      yield {
        start: last.end,
        end: last.end,
        text: `, ${isSeq(node) || !/^["\s]/.test(this.text.slice(first.start)) ? entry : quoted(entry)}`,
      };
      return;
    }
    const start = node.range[0];
    const indent = ' '.repeat(start - (this.text.lastIndexOf('\n', start - 1) + 1));
    if (isSeq(node)) yield { start: last.end, end: last.end, text: `\n${indent}- ${entry}` };
    else yield { start, end: start, text: `${entry}\n${indent}` };
  }

  /** One entry less; the last one takes its map or list with it. */
  *remove(path: Path): Iterable<Edit> {
    const parent = path.slice(0, -1);
    const node = parent.length === 0 ? this.#yaml.contents : this.#yaml.getIn(parent, true);
    if (!(isMap(node) || isSeq(node))) return;
    const index = isSeq(node)
      ? Number(path.at(-1))
      : node.items.findIndex((pair) => keyOf(pair as Pair) === path.at(-1));
    const [before, own, after] = [index - 1, index, index + 1].map((at) =>
      this.#itemSpan(at < 0 ? undefined : node.items[at]),
    );
    // What other places refer to is no single thing.
    if (own === undefined || this.text.slice(own.start, own.end).includes('&')) return;
    const owner = this.#ownerSpan(parent);
    const taken = { text: '', owner, names: [String(path.at(-1))] };
    const dash = isSeq(node) && node.flow !== true ? 2 : 0;
    if (after !== undefined) yield { ...taken, start: own.start - dash, end: after.start - dash };
    else if (node.flow !== true)
      yield { ...taken, start: this.text.lastIndexOf('\n', own.start) + 1, end: this.#lineEnd(own.end) };
    else yield { ...taken, start: before?.end ?? own.start, end: own.end };
  }

  /** Two entries of one map in each other's place. */
  *swap(first: Path, second: Path): Iterable<Edit> {
    const [one, other] = [first, second].map((path) => this.#itemSpan(this.#pairAt(path)));
    if (one === undefined || other === undefined || this.text.slice(one.start, one.end).includes('&')) return;
    yield { ...one, text: this.text.slice(other.start, other.end) };
    yield { ...other, text: this.text.slice(one.start, one.end) };
  }

  /** What stands at a path, as it is written. */
  textAt(path: Path): string | undefined {
    const span = this.#valueSpan(path);
    return span && this.text.slice(span.start, span.end);
  }

  /** Each place where a word stands by itself. */
  *everywhere(word: string, text: string): Iterable<Edit> {
    const escaped = word.replaceAll('.', '\\.');
    for (const { index } of this.text.matchAll(
      new RegExp(`(?<![\\w-]|\\d\\.)${escaped}(?![\\w-]|\\.\\d)`, 'g'),
    ))
      yield { start: index, end: index + word.length, text };
  }

  #pairAt(path: Path): Pair | undefined {
    const parent = path.length === 1 ? this.#yaml.contents : this.#yaml.getIn(path.slice(0, -1), true);
    return isMap(parent) ? (parent as YAMLMap).items.find((pair) => keyOf(pair) === path.at(-1)) : undefined;
  }

  #valueSpan(path: Path): Span | undefined {
    const node = this.#yaml.getIn(path, true);
    return isNode(node) ? this.#spanOf(node) : undefined;
  }

  /** Without the white space up to what follows. */
  #spanOf(node: Node): Span {
    const [start, end] = node.range ?? [0, 0];
    return { start, end: start + this.text.slice(start, end).trimEnd().length };
  }

  #itemSpan(item: unknown): Span | undefined {
    if (isNode(item)) return this.#spanOf(item);
    const { key, value } = (item ?? {}) as Partial<Pair>;
    if (!isNode(key)) return undefined;
    return {
      start: this.#spanOf(key).start,
      end: isNode(value) ? this.#spanOf(value).end : this.#spanOf(key).end + 1,
    };
  }

  /** A map or list with its key. */
  #ownerSpan(path: Path): readonly [number, number] {
    const key = this.#pairAt(path)?.key;
    const value = this.#valueSpan(path) ?? { start: 0, end: this.text.length };
    return [isNode(key) ? this.#spanOf(key).start : value.start, value.end];
  }

  #lineEnd(offset: number): number {
    const end = this.text.indexOf('\n', offset);
    return end === -1 ? this.text.length : end + 1;
  }
}

function keyOf({ key }: Pair): string {
  return isScalar(key) ? String(key.value) : '';
}

/** A key of JSON. */
function quoted(entry: string): string {
  return entry.replace(/^([^:]+): /, '"$1": ');
}
