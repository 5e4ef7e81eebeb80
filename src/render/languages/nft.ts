import { textOf } from './text-of.ts';

/** The longest text; with its end it is 128 bytes (NFTNL_UDATA_COMMENT_MAXLEN; libnftnl, include/libnftnl/udata.h). */
const MAX_BYTES = 127;

/** A quoted nft string. nft has no escapes: a quote or a backslash cannot be written. */
export function nft(value: unknown): string {
  const text = textOf(value);
  if (/["\\\p{Cc}]/u.test(text) || Buffer.byteLength(text) > MAX_BYTES) {
    throw new TypeError(`nft cannot quote ${JSON.stringify(text)}`);
  }
  return `"${text}"`;
}
