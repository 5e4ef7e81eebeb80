import { type Document, isScalar, type Node, parse } from 'yaml';
import type { Edit, Finding, Fix } from '../diagnostics/diagnostic.ts';
import type { LineIndex } from '../diagnostics/position.ts';
import { removalOf } from './removal-of.ts';
import { trailOf } from './trail.ts';
import { spanOf } from './yaml-node.ts';

/** The change of the text that a finding's fix comes to; undefined where it would reach further than it should. */
export function editOf(
  { at, part, fix }: Pick<Finding, 'at' | 'part' | 'fix'>,
  { yaml, lines }: { readonly yaml: Document.Parsed; readonly lines: LineIndex },
): Edit | undefined {
  const trail = fix === undefined ? undefined : trailOf(yaml, at);
  const step = trail?.at(-1);
  if (fix === undefined || trail === undefined || step === undefined) return undefined;
  if (fix === 'remove') return removalOf(trail, lines);
  const node = part === 'key' ? step.key : step.value;
  const replacement = node === null ? undefined : written(fix.write, node);
  return node === null || replacement === undefined ? undefined : { span: spanOf(node), replacement };
}

/** A value as it is written in place of another one, in the same quotes; undefined where that takes more than a word. */
function written(value: Exclude<Fix, 'remove'>['write'], node: Node): string | undefined {
  if (!isScalar(node) || node.type === 'BLOCK_FOLDED' || node.type === 'BLOCK_LITERAL') return undefined;
  if (typeof value === 'object') return `[${value.map(plainOrQuoted).join(', ')}]`;
  if (typeof value !== 'string') return String(value);
  // Of a number the text that was meant is the one that stands there: 1.0 is not "1".
  if (typeof node.value !== 'string' && node.source !== value) return undefined;
  if (node.type === 'QUOTE_SINGLE') return `'${value.replaceAll("'", "''")}'`;
  return node.type === 'QUOTE_DOUBLE' ? JSON.stringify(value) : plainOrQuoted(value);
}

function plainOrQuoted(value: string | number | boolean): string {
  return typeof value !== 'string' || isPlain(value) ? String(value) : JSON.stringify(value);
}

/** Whether a text needs no quotes, not in brackets either, and whichever YAML a reader knows. */
function isPlain(text: string): boolean {
  const isWord = /^[\p{L}\d_][\p{L}\d_./-]*(:[\p{L}\d_./-]+)*$/u.test(text);
  return isWord && (['1.1', '1.2'] as const).every((version) => parse(text, { version }) === text);
}
