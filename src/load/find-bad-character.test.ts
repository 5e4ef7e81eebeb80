import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findBadCharacter } from './find-bad-character.ts';

describe('a character', () => {
  it.each([
    'name: home\n',
    'a\r\nb\r\n',
    'tab\there',
    'caf\u00e9 \u7f51 \ud83d\ude00',
    '\ufeffname',
    'nb\u00a0sp \u0085',
  ])('of %j can stand in a model', (text) => {
    expect(findBadCharacter(text)).toBeUndefined();
  });

  it.each([
    ['a\0b', 1, 'the control character U+0000 cannot stand in YAML'],
    ['\x1b[31m', 0, 'the control character U+001B cannot stand in YAML'],
    ['ab\x7f', 2, 'the control character U+007F cannot stand in YAML'],
    ['x\u009b', 1, 'the control character U+009B cannot stand in YAML'],
    ['x\ufffe', 1, 'the control character U+FFFE cannot stand in YAML'],
    ['a\rb\n', 1, 'a carriage return stands alone here; lines end with LF or CRLF'],
    ['end\r', 3, 'a carriage return stands alone here; lines end with LF or CRLF'],
  ])('of %j cannot', (text, start, message) => {
    expect(findBadCharacter(text)).toMatchObject({
      rule: 'file-characters',
      message,
      span: { start, end: start + 1 },
    });
  });

  it('that can be seen in ASCII can stand anywhere', () => {
    const printable = fc.string({
      unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
    });
    fc.assert(fc.property(printable, (text) => findBadCharacter(text) === undefined));
  });
});
