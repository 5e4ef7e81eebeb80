import { CST } from 'yaml';
import type { Diagnostic, Span } from '../diagnostics/diagnostic.ts';
import { loadError } from './load-error.ts';

interface Bracket {
  readonly sign: '[' | '{';
  readonly span: Span;
}

/** What ends what. */
const ENDS = { '[': ']', '{': '}' } as const;
const NAMES = { '[': 'list', '{': 'map' } as const;

/**
 * Looks at a text's tokens one by one, for what a parser would tell at a place far away from its cause, and for parts of
 * YAML that a model has no use for.
 */
export class TokenScanner {
  readonly #open: Bracket[] = [];
  #isText = false;

  /** What is wrong with a token of the lexer. */
  next(source: string, start: number): Diagnostic | undefined {
    // A text without quotes comes after a mark of its own, whatever it starts with.
    const isText = this.#isText;
    this.#isText = source === CST.SCALAR;
    return isText ? undefined : this.#token(source, { start, end: start + source.length });
  }

  #token(source: string, span: Span): Diagnostic | undefined {
    switch (CST.tokenType(source)) {
      case 'flow-seq-start':
      case 'flow-map-start':
        this.#open.push({ sign: source === '[' ? '[' : '{', span });
        return undefined;
      case 'flow-seq-end':
      case 'flow-map-end':
        return this.#close(source, span);
      case 'flow-error-end':
      case 'doc-end':
        return this.end();
      case 'double-quoted-scalar':
      case 'single-quoted-scalar':
        return unclosedQuote(source, span.start);
      case 'tag':
        return loadError('yaml-tag', span, `a model has no tags such as "${short(source)}"`, {
          help: 'remove it; put a text that starts with "!" in quotes',
        });
      case 'directive-line':
        return wrongDirective(source, span.start);
      default:
        return undefined;
    }
  }

  /** What is still open where the text ends. */
  end(): Diagnostic | undefined {
    const bracket = this.#open.pop();
    if (bracket === undefined) return undefined;
    const { sign, span } = bracket;
    const help = `a "${ENDS[sign]}" ends it`;
    return loadError('yaml-syntax', span, `the ${NAMES[sign]} that starts here does not end`, { help });
  }

  #close(source: string, span: Span): Diagnostic | undefined {
    const bracket = this.#open.pop();
    if (bracket === undefined || ENDS[bracket.sign] === source) return undefined;
    const { sign } = bracket;
    const message = `a "${ENDS[sign]}" is missing before this "${source}"`;
    return loadError('yaml-syntax', span, message, {
      related: [{ span: bracket.span, message: `the ${NAMES[sign]} starts here` }],
    });
  }
}

function unclosedQuote(source: string, start: number): Diagnostic | undefined {
  const quote = source[0] ?? '"';
  if (source.length > 1 && source.endsWith(quote)) return undefined;
  const firstLine = source.split('\n', 1)[0] ?? source;
  const message = 'the text in quotes that starts here does not end';
  return loadError('yaml-syntax', { start, end: start + firstLine.trimEnd().length }, message, {
    help: `a ${quote} ends it`,
  });
}

function wrongDirective(source: string, start: number): Diagnostic | undefined {
  if (/^%YAML\s+1\.2\s*$/.test(source)) return undefined;
  const span = { start, end: start + source.trimEnd().length };
  const [name, version] = source.trimEnd().split(/\s+/);
  const message =
    name === '%YAML'
      ? `this asks for YAML ${short(version ?? '')}; a model is YAML 1.2`
      : `a model has no directives such as ${short(name ?? '')}`;
  return loadError(name === '%YAML' ? 'yaml-version' : 'yaml-syntax', span, message, {
    help: 'remove the line',
  });
}

function short(source: string): string {
  return source.length > 40 ? `${source.slice(0, 37)}...` : source;
}
