import { textOf } from './text-of.ts';

/**
 * A YAML scalar that means the same to every reader, in the form that prettier keeps, and that Ansible does not take
 * for a template: a text with Jinja's signs is tagged !unsafe.
 */
export function yaml(value: unknown): string {
  if (typeof value === 'boolean') return String(value);
  const text = textOf(value);
  if (typeof value === 'number') return text;
  if (isPlain(text)) return text;
  return /\{[{%#]/.test(text) ? `!unsafe ${quote(text)}` : quote(text);
}

/** Words that some reader of YAML 1.1 (which Ansible is) takes for something else than text: `e0` is a number to one. */
const SPECIAL = /^(y|yes|n|no|true|false|on|off|null|nan|inf|e[-+]?\d+)$/i;

/** A name, a path or an IPv4 address with or without prefix length; nothing that could be a number, date or time. */
function isPlain(text: string): boolean {
  if (/^\d{1,3}(\.\d{1,3}){3}(\/\d{1,2})?$/.test(text)) return true;
  return /^[A-Za-z/][A-Za-z0-9_./@+-]*$/.test(text) && !SPECIAL.test(text);
}

/** Prettier's choice: double quotes, but single ones around double quotes where no escape is needed. */
function quote(text: string): string {
  const escaped = text.replace(/[\\\p{Cc}\u2028\u2029\ufeff\ufffe\uffff]/gu, escapeOf);
  if (escaped === text && text.includes('"')) return `'${text.replaceAll("'", "''")}'`;
  return `"${escaped.replaceAll('"', '\\"')}"`;
}

function escapeOf(character: string): string {
  if (character === '\\') return '\\\\';
  return character === '\n' ? '\\n' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
