// biome-ignore-all lint/suspicious/noTemplateCurlyInString: other languages have templates, too
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hcl, hclHeredoc } from './hcl.ts';

/** A text between template sequences, as HCL reads it: `$${` and `%%{` are plain signs (spec, Template Literals). */
function readTemplate(text: string): string {
  expect(text.replaceAll(/\$\$\{|%%\{/g, ' ')).not.toMatch(/\$\{|%\{/);
  return text.replaceAll(/\$\$\{|%%\{/g, (escaped) => escaped.slice(1));
}

/** A quoted template as HCL reads it. JSON has the same escapes (spec, Quoted template literals), but not `\/`. */
function readQuoted(quoted: string): string {
  expect(quoted).toMatch(/^"([^"\\\p{Cc}]|\\["\\nrt]|\\u[0-9a-f]{4})*"$/u);
  return readTemplate(JSON.parse(quoted));
}

const TEXTS = [
  ...[
    '',
    'br0',
    '10.17.4.0/24',
    'say "hi"',
    'C:\\x',
    '\\',
    '"',
    'a\nb\r\t',
    '\u0000\u007f\u0085\u2028',
    'ü 網 😀',
  ],
  ...[
    '${a}',
    '%{ if a }',
    '$${a}',
    '$$${a}',
    '%%{',
    '$',
    '%',
    '$$',
    '{',
    '${',
    '"${file("/etc/passwd")}"',
    '\\${a}',
  ],
];

/** Every character that UTF-8 can write; fast-check's own take seconds to set up. */
const character = fc
  .nat(0x10ffff)
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map((code) => String.fromCodePoint(code));

describe('a text in HCL', () => {
  it.each(TEXTS)('is that text: %j', (text) => {
    expect(readQuoted(hcl(text))).toBe(text);
  });

  it('whatever it is, is that text', () => {
    const signs = fc.string({ unit: fc.constantFrom(...'${}%"\\nux0\n'), maxLength: 12 });
    fc.assert(
      fc.property(fc.oneof(signs, fc.string({ unit: character })), (text) => {
        expect(readQuoted(hcl(text))).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  // Seen with "terraform console" 1.11.
  it.each([
    ['${a}', '"$${a}"'],
    ['$${a}', '"$$${a}"'],
    ['%{ if a }', '"%%{ if a }"'],
    ['$', '"$"'],
    ['a\u0085b', '"a\\u0085b"'],
  ])('%j is written as %s', (text, written) => {
    expect(hcl(text)).toBe(written);
  });
});

describe('a text in a heredoc', () => {
  it('whatever it is, is that text, or is refused as no single line', () => {
    const signs = fc.string({ unit: fc.constantFrom(...'${}%"\\ \n\r'), maxLength: 12 });
    fc.assert(
      fc.property(signs, (text) => {
        if (/[\n\r]/.test(text)) expect(() => hclHeredoc(text)).toThrow(TypeError);
        else expect(readTemplate(hclHeredoc(text))).toBe(text);
      }),
    );
  });

  it('cannot end it', () => {
    expect(() => hclHeredoc('a\nXSLT\n}')).toThrow(TypeError);
  });
});
