import { textOf } from './text-of.ts';

/** White space, too: a reader takes a line break in an attribute for a space (XML 1.0 section 3.3.3). */
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** A text in an XML element or attribute (XML 1.0 section 2.4); characters that XML has no way to say are refused. */
export function xml(value: unknown): string {
  const text = textOf(value);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that XML 1.0 excludes
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text))
    throw new TypeError('XML has no control characters');
  return text.replace(/[&<>"'\t\n\r]/g, (character) => ENTITIES[character] ?? character);
}
