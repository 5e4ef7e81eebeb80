import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair } from 'yaml';
import type { Diagnostic, Finding, Path, Span } from '../diagnostics/diagnostic.ts';

/** A model as it was read: its text, its data, and where in the text each piece of data stands. */
export class SourceDocument {
  /** The file as the user named it. */
  readonly file: string;
  /** The decoded text, without a byte order mark. */
  readonly text: string;
  /** Plain data: maps without prototype, arrays and scalars. */
  readonly data: unknown;
  readonly #yaml: Document.Parsed;

  constructor(source: { file: string; text: string; data: unknown; yaml: Document.Parsed }) {
    this.file = source.file;
    this.text = source.text;
    this.data = source.data;
    this.#yaml = source.yaml;
  }

  /** The place of a path, or of the nearest thing around it that stands in the text. */
  span(path: Path, part: 'key' | 'value' = 'value'): Span {
    let node: Node | null = this.#yaml.contents;
    let found = spanOf(node) ?? { start: 0, end: 0 };
    for (const [depth, step] of path.entries()) {
      const pair = child(this.#resolve(node), step);
      if (pair === undefined) return depth === 0 ? { start: 0, end: 0 } : found;
      const isLast = depth === path.length - 1;
      const valueSpan = spanOf(pair.value);
      found =
        isLast && part === 'key' ? (spanOf(pair.key) ?? found) : (valueSpan ?? spanOf(pair.key) ?? found);
      node = pair.value;
    }
    return found;
  }

  locate(finding: Finding): Diagnostic {
    return {
      rule: finding.rule,
      severity: finding.severity ?? 'error',
      message: finding.message,
      span: this.span(finding.at, finding.part),
      path: finding.at,
      ...(finding.help === undefined ? {} : { help: finding.help }),
      ...(finding.related === undefined
        ? {}
        : { related: finding.related.map(({ at, message }) => ({ span: this.span(at), message })) }),
    };
  }

  #resolve(node: Node | null): Node | null {
    return isAlias(node) ? (node.resolve(this.#yaml) ?? null) : node;
  }
}

function child(
  node: Node | null,
  step: string | number,
): { key: Node | null; value: Node | null } | undefined {
  if (isSeq<Node>(node)) {
    const value = node.items[Number(step)];
    return value === undefined ? undefined : { key: value, value };
  }
  if (!isMap<Node, Node | null>(node)) return undefined;
  const pair = node.items.find(
    (item: Pair<Node, Node | null>) => isScalar(item.key) && String(item.key.value) === step,
  );
  return pair && { key: pair.key, value: pair.value };
}

/** The text of a node alone: block collections end before the white space and comments that follow them. */
function spanOf(node: Node | null | undefined): Span | undefined {
  if (node?.range == null) return undefined;
  return { start: node.range[0], end: node.range[1] };
}
