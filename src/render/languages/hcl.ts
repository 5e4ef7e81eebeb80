import { textOf } from './text-of.ts';

/**
 * A quoted HCL string, with template sequences as plain text.
 * @see https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md#template-expressions
 */
export function hcl(value: unknown): string {
  const escaped = textOf(value).replace(
    /["\\\p{Cc}\u2028\u2029]/gu,
    (character) => ESCAPES[character] ?? unicode(character),
  );
  return `"${hclHeredoc(escaped)}"`;
}

/** A text inside a line of a heredoc, where only template sequences mean something. */
export function hclHeredoc(value: unknown): string {
  const text = textOf(value);
  if (/\p{Cc}/u.test(text))
    throw new TypeError(`${JSON.stringify(text)} cannot stand in a line of a heredoc`);
  return text.replace(/[$%](?=\{)/g, (sign) => sign + sign);
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

function unicode(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
