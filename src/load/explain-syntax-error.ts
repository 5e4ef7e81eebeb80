import type { YAMLError } from 'yaml';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { loadError } from './load-error.ts';

/** What the parser says, in the words of someone who writes a model. */
const EXPLAINED: Partial<Record<YAMLError['code'], readonly [message: string, help: string]>> = {
  BAD_INDENT: [
    'this line starts at another column than those beside it',
    'indent the keys of one map by the same number of spaces',
  ],
  TAB_AS_INDENT: ['a tab indents this line; YAML takes spaces only', 'replace the tab by spaces'],
  BLOCK_AS_IMPLICIT_KEY: [
    'a second `key:` stands on one line',
    'put the inner map on lines of its own, or in braces: { key: value }; quote a text that holds ": "',
  ],
  MULTILINE_IMPLICIT_KEY: ['this line is not of the form `key: value`', 'a colon and a space end a key'],
  BAD_SCALAR_START: ['a text cannot start with this character', 'put the text in quotes'],
};

function explanationOf(code: YAMLError['code'], said: string): readonly [message?: string, help?: string] {
  if (/sufficiently indented/.test(said))
    return ['what stands in brackets has to be indented more than its key', 'indent this line'];
  return EXPLAINED[/need to be followed by map values/.test(said) ? 'MULTILINE_IMPLICIT_KEY' : code] ?? [];
}

/** A mistake of YAML's own grammar. */
export function explainSyntaxError(
  { code, message: said, pos: [from, to] }: YAMLError,
  text: string,
): Diagnostic {
  const inNextLine = /_IMPLICIT_KEY$/.test(code) ? keyInNextLine(text, from) : undefined;
  if (inNextLine !== undefined) return inNextLine;
  const [message = said.slice(0, 200), help] = explanationOf(code, said);
  // Some mistakes are told with the white space before them.
  const white = /^\s*/.exec(text.slice(from, from + 200))?.[0].length ?? 0;
  const start = code === 'TAB_AS_INDENT' ? from : Math.min(from + white, text.length);
  const word = /^[^\s:]*/.exec(text.slice(start, start + 60))?.[0].length ?? 0;
  const span = { start, end: Math.max(to, code === 'BAD_SCALAR_START' ? to : start + word) };
  return loadError('yaml-syntax', span, message, help === undefined ? {} : { help });
}

/** A key that is indented so far that it continues the text above it. */
function keyInNextLine(text: string, start: number): Diagnostic | undefined {
  const [, first = '', gap = '', key = ''] =
    /^([^\n]*)(\n\s*)([^\s:][^\n:]*):(?:\s|$)/.exec(text.slice(start)) ?? [];
  const isAfterKey = /:[ \t]+$/.test(text.slice(text.lastIndexOf('\n', start - 1) + 1, start));
  if (key === '' || !isAfterKey || /:\s/.test(first)) return undefined;
  const at = start + first.length + gap.length;
  const message = `the line of "${key.slice(0, 40)}" is indented so far that it continues the text above it`;
  return loadError('yaml-syntax', { start: at, end: at + key.length }, message, {
    help: 'indent it like the keys beside it',
  });
}
