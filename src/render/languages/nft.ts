import { textOf } from './text-of.ts';

/**
 * A quoted nft string. nft has no escapes: a quote or a backslash cannot be written, and 128 bytes is the most
 * (NFTNL_UDATA_COMMENT_MAXLEN; libnftnl, include/libnftnl/udata.h).
 */
export function nft(value: unknown): string {
  const text = textOf(value);
  if (/["\\\p{Cc}]/u.test(text) || Buffer.byteLength(text) > 127) {
    throw new TypeError(`nft cannot quote ${JSON.stringify(text)}`);
  }
  return `"${text}"`;
}
