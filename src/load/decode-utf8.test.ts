import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeUtf8 } from './decode-utf8.ts';

describe('bytes', () => {
  it('of any text in UTF-8 are that text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(decodeUtf8(Buffer.from(text))).toEqual({ text: text.replace(/^\ufeff/, '') });
      }),
    );
  });

  it('after a byte order mark are the text without it', () => {
    expect(decodeUtf8(Buffer.from('\ufeffname: home'))).toEqual({ text: 'name: home' });
  });

  it.each<[what: string, bytes: number[], at: number, message: string]>([
    ['a lone continuation', [0x61, 0x80, 0x62], 1, 'the byte 0x80 is not UTF-8'],
    ['Latin-1', [0x66, 0xfc, 0x72], 1, 'the byte 0xfc is not UTF-8'],
    ['a character cut off', [0x61, 0x62, 0xe2, 0x82], 2, 'the byte 0xe2 is not UTF-8'],
    ['a character broken off', [0xe2, 0x82, 0x61], 0, 'the byte 0xe2 is not UTF-8'],
    ['an overlong form', [0x61, 0xc0, 0xaf], 1, 'the byte 0xc0 is not UTF-8'],
    ['half of a surrogate pair', [0x61, 0xed, 0xa0, 0x80], 1, 'the byte 0xed is not UTF-8'],
    ['beyond Unicode', [0xf5, 0x80, 0x80, 0x80], 0, 'the byte 0xf5 is not UTF-8'],
    ['UTF-16 of one end', [0xff, 0xfe, 0x61, 0x00], 0, 'the file is UTF-16; a model is UTF-8'],
    ['UTF-16 of the other end', [0xfe, 0xff, 0x00, 0x61], 0, 'the file is UTF-16; a model is UTF-8'],
  ])('that are no UTF-8 (%s) have their first bad place told', (_what, bytes, at, message) => {
    expect(decodeUtf8(Uint8Array.from(bytes))).toMatchObject({
      problem: { rule: 'file-encoding', message, span: { start: at, end: at } },
    });
  });

  it('that are bad anywhere are bad behind the longest good start', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (before, after) => {
        const bytes = Buffer.concat([Buffer.from(before), Buffer.from([0xff]), Buffer.from(after)]);
        expect(decodeUtf8(bytes)).toMatchObject({ textBefore: before.replace(/^\ufeff/, '') });
      }),
    );
  });
});
