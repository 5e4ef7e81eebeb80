import fc from 'fast-check';
import { format } from 'prettier';
import { describe, expect, it } from 'vitest';
import { parse, parseDocument } from 'yaml';
import { yaml } from './yaml.ts';

/** What a reader of YAML makes of a value in a map; `!unsafe` is Ansible's tag for texts that are no templates. */
function readBack(text: string, version: '1.1' | '1.2'): unknown {
  const unsafe = { tag: '!unsafe', resolve: (value: string) => value };
  const document: unknown = parse(`key: ${text}\n`, { version, customTags: [unsafe] });
  return document !== null && typeof document === 'object' && 'key' in document ? document.key : document;
}

async function expectToMean(value: string): Promise<void> {
  const text = yaml(value);
  expect(readBack(text, '1.1'), text).toBe(value);
  expect(readBack(text, '1.2'), text).toBe(value);
  const flow = text.length < 60 ? `flow: [${text}, x]\n` : '';
  const file = `key: ${text}\nlist:\n  - ${text}\n${flow}`;
  expect(await format(file, { parser: 'yaml' })).toBe(file);
}

/** Texts that YAML readers take for something else where they stand without quotes. */
const AMBIGUOUS = [
  ...[
    '',
    ' ',
    'y',
    'Y',
    'n',
    'yes',
    'Yes',
    'NO',
    'on',
    'Off',
    'true',
    'FALSE',
    'null',
    'Null',
    '~',
    'NaN',
    '.nan',
  ],
  ...[
    '.inf',
    '-.INF',
    '1',
    '-1',
    '+1',
    '010',
    '0o10',
    '0x10',
    '0b1',
    '1_000',
    '1.5',
    '1.',
    '.5',
    '1e3',
    'e0',
    'E12',
    '1E-3',
  ],
  ...[
    '12:30:45',
    '1:20',
    '2026-01-01',
    '2026-01-01 12:30:45',
    '=',
    '<<',
    '---',
    '...',
    '-',
    '- a',
    '?',
    '? a',
    ':',
  ],
  ...[
    'a:',
    'a: b',
    ':a',
    '#',
    ' #a',
    'a #b',
    'a#b',
    '&a',
    '*a',
    '!a',
    '!!str a',
    '|',
    '>',
    '%a',
    '@a',
    '`a`',
  ],
  ...[
    '[a]',
    '{a}',
    'a, b',
    ',',
    '"',
    "'",
    '"a"',
    "'a'",
    `"a" 'b'`,
    "it's",
    '\\',
    'C:\\x',
    '\\"',
    "\\'",
    '"\\n"',
  ],
  ...[
    ' a',
    'a ',
    'a  b',
    'a\tb',
    '\t',
    'a\nb',
    '\n',
    'a\n',
    '\r\n',
    'a\u0085b',
    'a\u2028b',
    '\ufeffa',
    '\u0000',
  ],
  ...[
    '\ufffe',
    '\uffff',
    'ü',
    '網',
    '😀',
    '\u00a0',
    '\u3000a',
    '0.0.0.0',
    '10.17.4.0/24',
    '1.2.3.4.5',
    '1.2.3',
  ],
  ...[
    '52:54:00:12:35:8e',
    '/etc/hosts',
    'kube_network_01',
    'a-b.c',
    '0.8.3',
    'x'.repeat(200),
    'word '.repeat(40),
  ],
];

/** Every character that UTF-8 can write; fast-check's own take seconds to set up. */
const character = fc
  .nat(0x10ffff)
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map((code) => String.fromCodePoint(code));

describe('a text in YAML', () => {
  it.each(AMBIGUOUS)('is the same text to every reader, and stays as it is under prettier: %j', expectToMean);

  it('whatever it is, is the same text to every reader, and stays as it is under prettier', async () => {
    const texts = fc.oneof(fc.string({ unit: character }), fc.string());
    await fc.assert(fc.asyncProperty(texts, expectToMean), { numRuns: 60 });
  });

  it('of signs that mean something, is the same text to every reader, and stays as it is under prettier', async () => {
    const signs = fc.constantFrom(...'\\"\'{}[]#%!&*|>:,-?@` ~=<01eyn.\t\n\u00a0');
    await fc.assert(fc.asyncProperty(fc.string({ unit: signs, maxLength: 8 }), expectToMean), {
      numRuns: 200,
    });
  });

  it.each([
    ['kube.internal', 'kube.internal'],
    ['/etc/nftables/home.conf', '/etc/nftables/home.conf'],
    ['10.17.4.21', '10.17.4.21'],
    ['10.17.4.0/24', '10.17.4.0/24'],
    ['52:54:00:12:35:8e', '"52:54:00:12:35:8e"'],
    ['no', '"no"'],
    ['say "hi"', `'say "hi"'`],
    [`it's "x"`, `'it''s "x"'`],
  ])('%j is written as %s', (text, written) => {
    expect(yaml(text)).toBe(written);
  });

  it.each(['{{ vip }}', 'a {{', '{% raw %}', '{# a #}', '{{ "x" }}', '{{\n}}'])(
    'with the signs of Jinja is tagged, so that Ansible does not run it: %j',
    (text) => {
      expect(yaml(text)).toMatch(/^!unsafe ["']/);
      const node = parseDocument(yaml(text), { logLevel: 'silent' }).contents;
      expect(node?.tag).toBe('!unsafe');
      expect(node?.toJSON()).toBe(text);
    },
  );

  it.each(['{ a }', '{', '} }', '{ {'])('with other braces is not tagged: %j', (text) => {
    expect(yaml(text)).not.toContain('!unsafe');
  });
});

describe('a number or truth value in YAML', () => {
  it.each([
    [6443, '6443'],
    [0.2, '0.2'],
    [-1, '-1'],
    [true, 'true'],
    [false, 'false'],
  ])('%j is written plainly', (value, written) => {
    expect(yaml(value)).toBe(written);
    for (const version of ['1.1', '1.2'] as const) expect(readBack(written, version)).toBe(value);
  });
});

describe('what is no scalar', () => {
  it.each([[undefined], [null], [['a']], [{ a: 1 }], [Number.NaN], [Number.POSITIVE_INFINITY], ['\ud800']])(
    'is refused: %j',
    (value) => {
      expect(() => yaml(value)).toThrow(TypeError);
    },
  );
});
