import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { xml } from './xml.ts';

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** A text as a reader of XML takes it: line ends and then entities (XML 1.0 sections 2.11 and 4.6). */
function readText(text: string): string {
  expect(text).not.toMatch(/[<>]|&(?!(#\d+|\w+);)/);
  return text
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/&(#(\d+)|(\w+));/g, (_whole, _body, code: string | undefined, name: string) =>
      code === undefined ? (NAMED[name] ?? '') : String.fromCodePoint(Number(code)),
    );
}

/** The same in an attribute, where plain white space becomes spaces before that (XML 1.0 section 3.3.3). */
function readAttribute(text: string): string {
  expect(text).not.toMatch(/["']/);
  return readText(text.replaceAll(/[\t\n\r]/g, ' '));
}

const isXml = (text: string) => /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u.test(text);

/** Every character that UTF-8 can write; fast-check's own take seconds to set up. */
const character = fc
  .nat(0x10ffff)
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map((code) => String.fromCodePoint(code));

describe('a text in XML', () => {
  it.each([
    '',
    'br0',
    'a < b & c > d',
    `"it's"`,
    '&amp;',
    ']]>',
    '<!-- -->',
    '<?x?>',
    'a\n\tb\r\n',
    'ü 網 😀',
  ])('is that text in an element and in an attribute: %j', (text) => {
    expect(readText(xml(text))).toBe(text);
    expect(readAttribute(xml(text))).toBe(text);
  });

  it('whatever it is, is that text, or is refused as none of XML', () => {
    const signs = fc.string({ unit: fc.constantFrom(...'<>&"\';#x09\n\r\t]'), maxLength: 12 });
    fc.assert(
      fc.property(fc.oneof(signs, fc.string({ unit: character })), (text) => {
        if (isXml(text)) {
          expect(readText(xml(text))).toBe(text);
          expect(readAttribute(xml(text))).toBe(text);
        } else {
          expect(() => xml(text)).toThrow(TypeError);
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each(['\u0000', '\u001b', 'a\u0008', '\ufffe', '\uffff', '\ud800'])('%j is refused', (text) => {
    expect(() => xml(text)).toThrow(TypeError);
  });
});
