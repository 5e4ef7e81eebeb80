import { closeSync, openSync, readSync } from 'node:fs';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { EnvironmentError } from '../environment-error.ts';
import { decodeUtf8 } from './decode-utf8.ts';
import { findBadCharacter } from './find-bad-character.ts';
import { LIMITS } from './limits.ts';
import { loadError } from './load-error.ts';
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
  const bytes = readModel(file);
  if (bytes !== undefined) return parseModel(file, bytes);
  const message = `the model has more than ${LIMITS.bytes / 1024 / 1024} MiB, which is all that is read`;
  return { file, text: '', diagnostics: [loadError('yaml-limit', { start: 0, end: 0 }, message)] };
}

/** The model of a file's content. */
export function parseModel(file: string, bytes: Uint8Array): Loaded {
  const decoded = decodeUtf8(bytes);
  if ('problem' in decoded) return { file, text: decoded.textBefore, diagnostics: [decoded.problem] };
  const { text } = decoded;
  const badCharacter = findBadCharacter(text);
  if (badCharacter !== undefined) return { file, text, diagnostics: [badCharacter] };
  const parsed = parseYaml(text);
  if ('diagnostic' in parsed) return { file, text, diagnostics: [parsed.diagnostic] };
  const { data, diagnostics } = toPlainData(parsed.yaml);
  return { file, text, document: new SourceDocument({ file, text, data, yaml: parsed.yaml }), diagnostics };
}

/** A model file's bytes; undefined where it has too many. Pipes and devices tell no size before they are read. */
export function readModel(file: string): Uint8Array | undefined {
  try {
    const descriptor = openSync(file, 'r');
    try {
      return readAtMost(descriptor, LIMITS.bytes);
    } finally {
      closeSync(descriptor);
    }
  } catch (cause) {
    throw unreadable(cause, file);
  }
}

function readAtMost(descriptor: number, limit: number): Uint8Array | undefined {
  const chunks: Uint8Array[] = [];
  let length = 0;
  while (length <= limit) {
    const chunk = new Uint8Array(64 * 1024);
    const count = readSync(descriptor, chunk);
    if (count === 0) return Buffer.concat(chunks);
    chunks.push(chunk.subarray(0, count));
    length += count;
  }
  return undefined;
}

function unreadable(cause: unknown, file: string): unknown {
  const known = EnvironmentError.from(cause, file);
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
  if (code === 'EISDIR') return new EnvironmentError(`${file} is a directory; -m takes a model file`);
  if (code === 'ENOENT') return new EnvironmentError(`${file} does not exist; -m takes another model file`);
  if (known instanceof EnvironmentError || code === undefined) return known;
  return new EnvironmentError(`${file} cannot be read (${code})`, { cause });
}
