import { readFileSync, statSync } from 'node:fs';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { EnvironmentError } from '../environment-error.ts';
import { decodeUtf8 } from './decode-utf8.ts';
import { LIMITS } from './limits.ts';
import { parseYaml } from './parse-yaml.ts';
import { SourceDocument } from './source-document.ts';
import { toPlainData } from './to-plain-data.ts';

/** What loading gives: the text for code frames in any case, the document where the text is YAML. */
export interface Loaded {
  readonly file: string;
  readonly text: string;
  readonly document?: SourceDocument;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads a model file.
 * @throws EnvironmentError when the file is missing, unreadable or no file.
 */
export function loadModel(file: string): Loaded {
  const bytes = readWithinLimit(file);
  if (typeof bytes === 'number') {
    const message = `the model has ${megabytes(bytes)}; at most ${megabytes(LIMITS.bytes)} are read`;
    return {
      file,
      text: '',
      diagnostics: [{ rule: 'yaml-limit', severity: 'error', message, span: { start: 0, end: 0 } }],
    };
  }
  return parseModel(file, bytes);
}

/** The model of a file's content. */
export function parseModel(file: string, bytes: Uint8Array): Loaded {
  const decoded = decodeUtf8(bytes);
  if (!('text' in decoded)) {
    const at = decoded.textBefore.length;
    const message = `the byte 0x${decoded.badByte.toString(16).padStart(2, '0')} is not UTF-8`;
    const help = 'save the file as UTF-8';
    const span = { start: at, end: at };
    return {
      file,
      text: decoded.textBefore,
      diagnostics: [{ rule: 'file-encoding', severity: 'error', message, span, help }],
    };
  }
  const { text } = decoded;
  const { yaml, diagnostics } = parseYaml(text);
  if (yaml === undefined) return { file, text, diagnostics };
  const plain = toPlainData(yaml);
  const document = new SourceDocument({ file, text, data: plain.data, yaml });
  return { file, text, document, diagnostics: plain.diagnostics };
}

function readWithinLimit(file: string): Uint8Array | number {
  try {
    const stat = statSync(file);
    if (stat.isDirectory()) throw new EnvironmentError(`${file} is a directory; -m takes a model file`);
    return stat.size > LIMITS.bytes ? stat.size : readFileSync(file);
  } catch (cause) {
    throw EnvironmentError.from(cause, file);
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
