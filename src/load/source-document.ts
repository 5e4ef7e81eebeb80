import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type YAMLMap } from 'yaml';
import type { Diagnostic, Edit, Finding, Path, Span } from '../diagnostics/diagnostic.ts';
import { LineIndex } from '../diagnostics/position.ts';
import { editOf } from './edit-of.ts';
import { nameOfKey, spanOf } from './yaml-node.ts';

interface Entry {
  readonly key: Node;
  readonly value: Node | null;
}

/** A model as it was read: its text, its data, and where in the text each piece of data stands. */
export class SourceDocument {
  /** The file as the user named it. */
  readonly file: string;
  /** The decoded text, without a byte order mark. */
  readonly text: string;
  /** Plain data: maps without prototype, arrays and scalars. */
  readonly data: unknown;
  readonly #yaml: Document.Parsed;
  #lines: LineIndex | undefined;
  /** The entries of the maps that were looked into: there can be many questions about one large map. */
  readonly #entries = new Map<Node, ReadonlyMap<string, Entry>>();

  constructor(source: { file: string; text: string; data: unknown; yaml: Document.Parsed }) {
    this.file = source.file;
    this.text = source.text;
    this.data = source.data;
    this.#yaml = source.yaml;
  }

  /**
   * The place of a path, or of the nearest thing around it that stands in the text; of the whole model the first character.
   * An item of a list of names has its name as a step, too: so it has one path whether the names are a list or a map's keys.
   */
  span(path: Path, part: 'key' | 'value' = 'value'): Span {
    let node: Node | null = this.#yaml.contents;
    const start = node?.range?.[0] ?? 0;
    let found = { start, end: start + 1 };
    for (const [depth, step] of path.entries()) {
      const entry = this.#entry(node, step);
      if (entry === undefined) return found;
      const isKey = part === 'key' && depth === path.length - 1;
      found = spanOf(isKey ? entry.key : (entry.value ?? entry.key));
      node = entry.value;
    }
    return found;
  }

  locate(finding: Finding): Diagnostic {
    const edit = this.#edit(finding);
    return {
      rule: finding.rule,
      severity: finding.severity ?? 'error',
      message: finding.message,
      span: this.span(finding.at, finding.part),
      path: finding.at,
      ...(finding.help === undefined ? {} : { help: finding.help }),
      ...(finding.related === undefined
        ? {}
        : { related: finding.related.map(({ at, message }) => ({ span: this.#smallest(at), message })) }),
      ...(edit === undefined ? {} : { edit }),
    };
  }

  #edit(finding: Finding): Edit | undefined {
    if (finding.fix === undefined) return undefined;
    this.#lines ??= new LineIndex(this.text);
    return editOf(finding, { yaml: this.#yaml, lines: this.#lines });
  }

  /** A value where it is a word, else its key: what is related is pointed at, not shown whole. */
  #smallest(path: Path): Span {
    const value = this.span(path);
    return this.text.slice(value.start, value.end).includes('\n') ||
      /^[[{]/.test(this.text.slice(value.start))
      ? this.span(path, 'key')
      : value;
  }

  #entry(node: Node | null, step: string | number): Entry | undefined {
    const target = isAlias(node) ? node.resolve(this.#yaml) : node;
    if (isSeq<Node>(target)) {
      const isMeant = (item: Node) => isScalar(item) && nameOfKey(item) === step;
      const value = target.items.find(isMeant) ?? (typeof step === 'number' ? target.items[step] : undefined);
      return value === undefined ? undefined : { key: value, value };
    }
    if (!isMap<Node, Node | null>(target)) return undefined;
    const entries = this.#entries.get(target) ?? entriesOf(target);
    this.#entries.set(target, entries);
    return entries.get(String(step));
  }
}

function entriesOf(map: YAMLMap<Node, Node | null>): ReadonlyMap<string, Entry> {
  return new Map(
    map.items.flatMap(({ key, value }) => (isScalar(key) ? [[nameOfKey(key), { key, value }]] : [])),
  );
}
