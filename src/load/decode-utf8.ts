import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { loadError } from './load-error.ts';

/** The text of UTF-8 bytes (RFC 3629) without a byte order mark, or the text before the first bad byte. */
export function decodeUtf8(
  bytes: Uint8Array,
): { readonly text: string } | { readonly textBefore: string; readonly problem: Diagnostic } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    const good = longestValidPrefix(bytes);
    const textBefore = new TextDecoder().decode(bytes.subarray(0, good));
    return { textBefore, problem: badByte(bytes, good, textBefore.length) };
  }
}

function badByte(bytes: Uint8Array, index: number, at: number): Diagnostic {
  const isUtf16 = /^(fffe|feff)$/.test(Buffer.from(bytes.subarray(0, 2)).toString('hex'));
  const byte = (bytes[index] ?? 0).toString(16).padStart(2, '0');
  const message = isUtf16 ? 'the file is UTF-16; a model is UTF-8' : `the byte 0x${byte} is not UTF-8`;
  return loadError('file-encoding', { start: at, end: at }, message, { help: 'save the file as UTF-8' });
}

/** The length of the longest prefix that is whole UTF-8, found by bisection: validity of a stream is monotonic. */
function longestValidPrefix(bytes: Uint8Array): number {
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (isValidStart(bytes.subarray(0, middle))) low = middle;
    else high = middle - 1;
  }
  return wholeCharacters(bytes, low);
}

function isValidStart(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** A valid start can end inside a character; that character is the bad one then. */
function wholeCharacters(bytes: Uint8Array, end: number): number {
  for (let start = end; start >= Math.max(0, end - 3); start -= 1) {
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, start));
      return start;
    } catch {
      // inside a character: try one byte less
    }
  }
  return end;
}
