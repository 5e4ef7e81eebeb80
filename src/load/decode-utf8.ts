/** The text of UTF-8 bytes (RFC 3629) without a byte order mark, or where the first bad byte stands. */
export function decodeUtf8(
  bytes: Uint8Array,
): { readonly text: string } | { readonly textBefore: string; readonly badByte: number } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    const good = longestValidPrefix(bytes);
    return { textBefore: new TextDecoder().decode(bytes.subarray(0, good)), badByte: bytes[good] ?? 0 };
  }
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
  for (let start = end; start > Math.max(0, end - 4); start -= 1) {
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, start));
      return start;
    } catch {
      // inside a character: try one byte less
    }
  }
  return end;
}
