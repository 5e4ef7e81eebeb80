import { parsers } from 'prettier/plugins/markdown';

/** A node of a Markdown document without what says where it stands. */
export interface MarkdownNode {
  readonly type: string;
  readonly value?: string;
  readonly url?: string;
  readonly depth?: number;
  readonly children?: readonly MarkdownNode[];
}

/** A document as prettier's reader of Markdown (remark, with GFM's tables) takes it. */
export async function readMarkdown(text: string): Promise<MarkdownNode> {
  const root: unknown = await parsers.markdown.parse(text, { originalText: text } as Parameters<
    typeof parsers.markdown.parse
  >[1]);
  return withoutPlaces(root) as MarkdownNode;
}

function withoutPlaces(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutPlaces);
  if (node === null || typeof node !== 'object') return node;
  const kept = Object.entries(node).filter(([key]) =>
    ['type', 'value', 'url', 'depth', 'children', 'lang'].includes(key),
  );
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutPlaces(value)]));
}
