import { Composer, type CST, type Document, Lexer, Parser } from 'yaml';
import { BEGINNING } from '../diagnostics/beginning.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { explainSyntaxError } from './explain-syntax-error.ts';
import { LIMITS } from './limits.ts';
import { loadError } from './load-error.ts';
import { TokenScanner } from './scan-tokens.ts';

/** The YAML 1.2 document of a text, or the first thing that keeps it from being one: what follows may come from it. */
export function parseYaml(text: string): { yaml: Document.Parsed } | { diagnostic: Diagnostic } {
  const { tokens, found } = readTokens(text);
  if (found?.rule === 'yaml-limit') return { diagnostic: found };
  // Keys that stand twice are found while the data is read: the composer compares each key with each.
  const composer = new Composer({ schema: 'core', prettyErrors: false, uniqueKeys: false });
  const [yaml, second] = composer.compose(tokens, true, text.length);
  const [problem] = [...(yaml?.errors ?? []), ...(yaml?.warnings ?? [])].sort((a, b) => a.pos[0] - b.pos[0]);
  // At one place the scanner says it better than the parser, and so goes first.
  const diagnostics = [
    ...(found === undefined ? [] : [found]),
    ...(problem === undefined ? [] : [explainSyntaxError(problem, text)]),
    ...(second === undefined ? [] : [secondDocument(second)]),
  ];
  const [first] = diagnostics.sort((a, b) => a.span.start - b.span.start);
  if (first !== undefined) return { diagnostic: first };
  return yaml === undefined || yaml.contents === null ? { diagnostic: empty() } : { yaml };
}

/** The tokens of a text, and what is wrong with the first that cannot stand in a model. */
function readTokens(text: string): { tokens: CST.Token[]; found: Diagnostic | undefined } {
  const parser = new Parser();
  const scanner = new TokenScanner();
  const tokens: CST.Token[] = [];
  let found: Diagnostic | undefined;
  let count = 0;
  for (const source of new Lexer().lex(text)) {
    const start = parser.offset;
    tokens.push(...parser.next(source));
    count += 1;
    // The document itself stands on the stack, too.
    const isTooDeep = parser.stack.length > LIMITS.depth + 1;
    if (isTooDeep || count > LIMITS.tokens) return { tokens, found: overLimit(start, isTooDeep) };
    found ??= scanner.next(source, start);
  }
  tokens.push(...parser.end());
  return { tokens, found: found ?? scanner.end() };
}

function overLimit(start: number, isTooDeep: boolean): Diagnostic {
  const message = isTooDeep
    ? `more than ${LIMITS.depth} maps and lists stand inside one another here`
    : `the model has more than ${LIMITS.tokens} words and signs up to here`;
  return loadError('yaml-limit', { start, end: start + 1 }, message);
}

function empty(): Diagnostic {
  return loadError('yaml-empty', { start: 0, end: 0 }, 'the model is empty', { help: BEGINNING });
}

function secondDocument(document: Document.Parsed): Diagnostic {
  const start = document.range[0];
  const message = 'a second YAML document starts here; a model is one document';
  return loadError('yaml-documents', { start, end: start + 3 }, message, {
    help: 'remove the `---` line, or keep the rest in a file of its own',
  });
}
