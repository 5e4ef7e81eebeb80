import { Composer, type Document, Lexer, Parser, type YAMLError } from 'yaml';
import type { Diagnostic, Span } from '../diagnostics/diagnostic.ts';
import { LIMITS } from './limits.ts';

/** The YAML 1.2 document of a text, or what keeps it from being one. */
export function parseYaml(text: string): { yaml?: Document.Parsed; diagnostics: Diagnostic[] } {
  const parser = new Parser();
  const tokens = [];
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme));
    if (parser.stack.length > LIMITS.depth) return { diagnostics: [tooDeep(parser.offset)] };
  }
  tokens.push(...parser.end());
  const composer = new Composer({ version: '1.2', schema: 'core', prettyErrors: false });
  const [yaml, second] = composer.compose(tokens, true, text.length);
  if (second !== undefined) return { diagnostics: [secondDocument(second)] };
  if (yaml === undefined || yaml.contents === null) return { diagnostics: [empty()] };
  const diagnostics = [...yaml.errors, ...yaml.warnings].map((error) => syntaxError(error, text));
  const directive = yaml.directives?.yaml.version;
  if (directive !== undefined && directive !== '1.2') diagnostics.unshift(oldVersion(directive, text));
  return diagnostics.length > 0 ? { diagnostics: diagnostics.slice(0, 1) } : { yaml, diagnostics };
}

function error(rule: string, span: Span, message: string, help?: string): Diagnostic {
  return { rule, severity: 'error', span, message, ...(help === undefined ? {} : { help }) };
}

function tooDeep(offset: number): Diagnostic {
  return error(
    'yaml-limit',
    { start: offset, end: offset + 1 },
    `more than ${LIMITS.depth} maps and lists stand inside one another here`,
  );
}

function empty(): Diagnostic {
  return error(
    'yaml-empty',
    { start: 0, end: 0 },
    'the model is empty',
    'a model starts with `schemaVersion: 1`; `gen-infra schema` prints all it can say',
  );
}

function secondDocument(document: Document.Parsed): Diagnostic {
  const start = document.range[0];
  const message = 'a second YAML document starts here; a model is one document';
  return error(
    'yaml-documents',
    { start, end: start + 3 },
    message,
    'remove the `---` line, or keep the rest in a file of its own',
  );
}

function oldVersion(version: string, text: string): Diagnostic {
  const start = Math.max(0, text.indexOf('%YAML'));
  const message = `the directive asks for YAML ${version}; a model is YAML 1.2`;
  return error(
    'yaml-version',
    { start, end: start + `%YAML ${version}`.length },
    message,
    'remove the %YAML line',
  );
}

/** What the parser says, in the words of someone who writes a model. */
const EXPLAINED: Partial<Record<YAMLError['code'], readonly [message: string, help?: string]>> = {
  TAB_AS_INDENT: ['a tab indents this line; YAML takes spaces only', 'replace the tab by spaces'],
  BLOCK_AS_IMPLICIT_KEY: [
    'a second `key:` stands on one line',
    'put the inner map on lines of its own, or in braces: { key: value }; quote a text that holds ": "',
  ],
  MISSING_CHAR: ['a quote or bracket is not closed'],
  BAD_SCALAR_START: [
    'a text may not start with this character unless it is quoted',
    'put the text in double quotes',
  ],
  TAG_RESOLVE_FAILED: [
    'a model has no tags',
    'remove the `!…`; put a text that starts with "!" in double quotes',
  ],
};

function syntaxError(problem: YAMLError, text: string): Diagnostic {
  const [start, end] = problem.pos;
  const span = { start: Math.min(start, text.length), end: Math.max(end, start) };
  if (problem.code === 'DUPLICATE_KEY') {
    const key = /^[^\s:]+/.exec(text.slice(start))?.[0] ?? '';
    const message = `the key "${key}" stands twice in this map`;
    return error('yaml-duplicate-key', { start, end: start + key.length }, message, 'keep one of the two');
  }
  const [message, help] = EXPLAINED[problem.code] ?? [];
  return error(
    'yaml-syntax',
    span,
    message === undefined ? problem.message : `${message} (${problem.message})`,
    help,
  );
}
