import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { Path } from '../diagnostics/diagnostic.ts';
import { nameOfKey } from './yaml-node.ts';

/** An entry of a map, or an item of a list, and where it stands there. */
export interface Step {
  readonly collection: YAMLMap<Node, Node | null> | YAMLSeq<Node>;
  readonly index: number;
  readonly key: Node | null;
  readonly value: Node | null;
}

/**
 * The entries that a path leads through, outermost first; undefined where it leads to nothing that is written. What an
 * anchor marks can be meant in other places, too, and so leads nowhere, like an alias.
 */
export function trailOf(yaml: Document.Parsed, path: Path): readonly Step[] | undefined {
  const trail: Step[] = [];
  let node: Node | null = yaml.contents;
  for (const name of path) {
    const step: Step | undefined = isShared(node) ? undefined : stepTo(node, name);
    if (step === undefined) return undefined;
    trail.push(step);
    node = step.value;
  }
  return isShared(node) ? undefined : trail;
}

function isShared(node: Node | null): boolean {
  return isAlias(node) || (node !== null && 'anchor' in node && node.anchor !== undefined);
}

function stepTo(node: Node | null, name: string | number): Step | undefined {
  if (isSeq<Node>(node)) {
    const index = typeof name === 'number' ? name : node.items.findIndex((item) => isNamed(item, name));
    const value = node.items[index];
    return value === undefined ? undefined : { collection: node, index, key: null, value };
  }
  if (!isMap<Node, Node | null>(node)) return undefined;
  const index = node.items.findIndex(({ key }) => isNamed(key, String(name)));
  const pair: Pair<Node, Node | null> | undefined = node.items[index];
  return pair === undefined ? undefined : { collection: node, index, key: pair.key, value: pair.value };
}

function isNamed(node: Node, name: string): boolean {
  return isScalar(node) && nameOfKey(node) === name;
}
