import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { MOST_SHOWN } from '../diagnostics/most-shown.ts';
import { LIMITS } from './limits.ts';
import { loadError } from './load-error.ts';
import { nameOfKey, spanOf } from './yaml-node.ts';

type Entries = YAMLMap<Node, Node | null>;
type Items = YAMLSeq<Node>;

/**
 * The data of a document: maps without prototype (so that a node may be called `constructor`), arrays and scalars.
 * Aliases are put in within limits; what two readers of YAML would read differently is refused.
 */
export function toPlainData(yaml: Document.Parsed): { data: unknown; diagnostics: readonly Diagnostic[] } {
  const reader = new Reader();
  const data = reader.read(yaml.contents, 0);
  return { data, diagnostics: reader.diagnostics.slice(0, MOST_SHOWN) };
}

class Reader {
  readonly diagnostics: Diagnostic[] = [];
  /** The last node so far that each anchor marks. */
  readonly #anchors = new Map<string, Node>();
  /** What each alias stands for, from where it is first read: an anchor can be marked anew further down. */
  readonly #targets = new Map<Alias, Node>();
  /** The aliases that are being put in, outermost first. */
  readonly #aliases: Alias[] = [];
  /** The marked nodes that are being read. */
  readonly #open = new Set<Node>();
  /** What was reported: under an alias it is read once more. */
  readonly #reported = new Set<Node>();
  #values = 0;
  #limitReported = false;

  read(node: Node | null, depth: number): unknown {
    this.#values += 1;
    if (node === null || this.#isOverLimit(node, depth)) return null;
    if (isAlias(node)) return this.#alias(node, depth);
    if (node.anchor === undefined) return this.#content(node, depth);
    this.#anchors.set(node.anchor, node);
    this.#open.add(node);
    const data = this.#content(node, depth);
    this.#open.delete(node);
    return data;
  }

  #content(node: Exclude<Node, Alias>, depth: number): unknown {
    if (isScalar(node)) return this.#scalar(node);
    if (isSeq<Node>(node)) return this.#list(node, depth);
    return isMap<Node, Node | null>(node) ? this.#map(node, depth) : null;
  }

  #list(list: Items, depth: number): unknown[] {
    if (list.items.length > LIMITS.items)
      this.#reportLimit(list, `more than ${LIMITS.items} values stand in one list here`);
    return list.items.slice(0, LIMITS.items).map((item) => this.read(item, depth + 1));
  }

  #map(map: Entries, depth: number): Record<string, unknown> {
    if (map.items.length > LIMITS.entries)
      this.#reportLimit(map, `more than ${LIMITS.entries} entries stand in one map here`);
    const data: Record<string, unknown> = Object.create(null);
    const keys = new Map<string, Node>();
    for (const { key, value } of map.items.slice(0, LIMITS.entries)) {
      const name = this.#key(key);
      const first = keys.get(name);
      if (first === undefined) keys.set(name, key);
      else this.#reportTwice(name, first, key);
      data[name] = this.read(value, depth + 1);
    }
    return data;
  }

  #isOverLimit(node: Node, depth: number): boolean {
    if (this.#values > LIMITS.values)
      this.#reportLimit(node, `the model grows to more than ${LIMITS.values} values here`);
    else if (depth > LIMITS.depth)
      this.#reportLimit(node, `the model grows to more than ${LIMITS.depth} levels here`);
    else return false;
    return true;
  }

  #reportLimit(node: Node, message: string): void {
    const place = this.#aliases[0] ?? node;
    if (!this.#limitReported) this.#report(place, 'yaml-limit', message);
    this.#limitReported = true;
  }

  #alias(alias: Alias, depth: number): unknown {
    const target = this.#targets.get(alias) ?? this.#anchors.get(alias.source);
    if (target === undefined || this.#open.has(target)) {
      const message =
        target === undefined
          ? `nothing above is marked "&${alias.source}"`
          : `"*${alias.source}" stands inside of what it stands for`;
      this.#report(alias, 'yaml-alias', message);
      return null;
    }
    this.#targets.set(alias, target);
    this.#aliases.push(alias);
    const value = this.read(target, depth + 1);
    this.#aliases.pop();
    return value;
  }

  #key(key: Node): string {
    if (isScalar(key) && key.value === '<<' && key.type === 'PLAIN') {
      const help = 'write out the keys that it would bring';
      this.#report(key, 'yaml-key', 'YAML 1.2 has no merge key "<<"', { help });
    }
    if (isScalar(key) && key.value !== null) return nameOfKey(key);
    const message = 'a key is a plain name, not a list, a map, an alias or nothing';
    const help = isMap(key)
      ? 'a model has no templates: write what {{ }} would become, or put the text in quotes'
      : 'put it in quotes if it is a text';
    this.#report(key, 'yaml-key', message, { help });
    return '';
  }

  #scalar(scalar: Scalar): unknown {
    const { value, source = '' } = scalar;
    if (typeof value === 'number' && /^[-+]?0[\do]/.test(source)) {
      const other = source.includes('o') ? 'a text' : 'octal';
      const message = `"${source}" reads as ${value} in YAML 1.2 and as ${other} in YAML 1.1`;
      const help = `write ${value}, or "${source}" in quotes if it is a text`;
      this.#report(scalar, 'yaml-number', message, { help });
    }
    if (typeof value === 'string' && !value.isWellFormed()) {
      this.#report(scalar, 'yaml-text', 'the text holds half of a surrogate pair, which no file can hold');
    }
    return value;
  }

  #reportTwice(name: string, first: Node, second: Node): void {
    this.#report(second, 'yaml-duplicate-key', `the key ${JSON.stringify(name)} stands twice in this map`, {
      related: [{ span: spanOf(first), message: 'first here' }],
      help: 'keep one of the two',
    });
  }

  #report(node: Node, rule: string, message: string, more: Parameters<typeof loadError>[3] = {}): void {
    if (!this.#reported.has(node)) this.diagnostics.push(loadError(rule, spanOf(node), message, more));
    this.#reported.add(node);
  }
}
