import { type Alias, type Document, isAlias, isMap, isScalar, isSeq, type Node, type Scalar } from 'yaml';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { LIMITS } from './limits.ts';

/**
 * The data of a document: maps without prototype (so that a node may be called `constructor`), arrays and scalars.
 * Aliases are put in within limits; what two readers of YAML would read differently is refused.
 */
export function toPlainData(yaml: Document.Parsed): { data: unknown; diagnostics: readonly Diagnostic[] } {
  const reader = new Reader();
  const data = reader.read(yaml.contents, 0);
  return { data, diagnostics: reader.diagnostics };
}

class Reader {
  readonly diagnostics: Diagnostic[] = [];
  /** The last node so far that each anchor marks. */
  readonly #anchors = new Map<string, Node>();
  /** What each alias stands for, from where it is first read: an anchor can be marked anew further down. */
  readonly #targets = new Map<Alias, Node>();
  /** The aliases that are being put in, outermost first. */
  readonly #aliases: Alias[] = [];
  #values = 0;
  #limitReported = false;

  read(node: Node | null, depth: number): unknown {
    this.#values += 1;
    if (node === null || this.#isOverLimit(node, depth)) return null;
    if (!isAlias(node) && node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    if (isAlias(node)) return this.#alias(node, depth);
    if (isSeq<Node>(node)) return node.items.map((item) => this.read(item, depth + 1));
    if (isMap<Node, Node | null>(node)) {
      const map: Record<string, unknown> = Object.create(null);
      for (const { key, value } of node.items) map[this.#key(key)] = this.read(value, depth + 1);
      return map;
    }
    return isScalar(node) ? this.#scalar(node) : null;
  }

  #isOverLimit(node: Node, depth: number): boolean {
    if (this.#values <= LIMITS.values && depth <= LIMITS.depth) return false;
    if (!this.#limitReported) {
      const growth = this.#values > LIMITS.values ? `${LIMITS.values} values` : `${LIMITS.depth} levels`;
      this.#report(this.#aliases[0] ?? node, 'yaml-limit', `the model grows to more than ${growth} here`);
    }
    this.#limitReported = true;
    return true;
  }

  #alias(alias: Alias, depth: number): unknown {
    const target = this.#targets.get(alias) ?? this.#anchors.get(alias.source);
    if (target === undefined) {
      this.#report(alias, 'yaml-alias', `nothing above is marked "&${alias.source}"`);
      return null;
    }
    this.#targets.set(alias, target);
    this.#aliases.push(alias);
    const value = this.read(target, depth + 1);
    this.#aliases.pop();
    return value;
  }

  #key(key: Node): string {
    if (isScalar(key) && key.value !== null)
      return typeof key.value === 'string' ? key.value : String(key.source);
    this.#report(key, 'yaml-key', 'a key is a plain name here, not a list, a map or nothing');
    return '';
  }

  #scalar(scalar: Scalar): unknown {
    const { value, source = '' } = scalar;
    if (typeof value === 'number' && /^[-+]?0\d/.test(source)) {
      const message = `"${source}" reads as ${value} in YAML 1.2 and as octal in YAML 1.1`;
      this.#report(
        scalar,
        'yaml-number',
        message,
        `write ${value}, or "${source}" in quotes if it is a text`,
      );
    }
    if (typeof value === 'string' && !value.isWellFormed()) {
      this.#report(scalar, 'yaml-text', 'the text holds half of a surrogate pair, which no file can hold');
    }
    return value;
  }

  #report(node: Node, rule: string, message: string, help?: string): void {
    const [start, end] = node.range ?? [0, 0];
    this.diagnostics.push({
      rule,
      severity: 'error',
      message,
      span: { start, end },
      ...(help === undefined ? {} : { help }),
    });
  }
}
