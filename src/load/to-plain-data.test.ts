import { describe, expect, it } from 'vitest';
import { LIMITS } from './limits.ts';
import { parseYaml } from './parse-yaml.ts';
import { toPlainData } from './to-plain-data.ts';

function read(text: string) {
  const parsed = parseYaml(text);
  if (!('yaml' in parsed)) throw new Error(parsed.diagnostic.message);
  return toPlainData(parsed.yaml);
}

/** What is told about a text: the rule, and what is underlined. */
function told(text: string): string[] {
  return read(text).diagnostics.map(({ rule, span }) => `${rule} ${text.slice(span.start, span.end)}`);
}

describe('data', () => {
  it.each<[text: string, data: unknown]>([
    ['a: 1', { a: 1 }],
    ['a: 1.5', { a: 1.5 }],
    ['a: "1"', { a: '1' }],
    ['a: true', { a: true }],
    ['a: yes', { a: 'yes' }],
    ['a: NO', { a: 'NO' }],
    ['a: ~', { a: null }],
    ['a:', { a: null }],
    ['a: 52:54:00:12:35:58', { a: '52:54:00:12:35:58' }],
    ['a: 1_000', { a: '1_000' }],
    ['a: 2024-01-31', { a: '2024-01-31' }],
    ['a: 0', { a: 0 }],
    ['a: 0.5', { a: 0.5 }],
    ['1: a\ntrue: b\n0x10: c', { '1': 'a', true: 'b', '0x10': 'c' }],
    ['a: &x [1, 2]\nb: *x', { a: [1, 2], b: [1, 2] }],
    ['a: &x 1\nb: *x\nc: &x 2\nd: *x', { a: 1, b: 1, c: 2, d: 2 }],
  ])('of %j is what YAML 1.2 says', (text, data) => {
    const result = read(text);
    expect(JSON.parse(JSON.stringify(result.data))).toEqual(data);
    expect(result.diagnostics).toEqual([]);
  });

  it('has maps without a prototype', () => {
    const { data } = read('constructor: 1\n__proto__: { polluted: true }\n');
    expect(Object.getPrototypeOf(data)).toBeNull();
    expect(Object.keys(data as object)).toEqual(['constructor', '__proto__']);
    expect('polluted' in {}).toBe(false);
  });

  it.each<[text: string, said: string[]]>([
    ['a: 1\nb: 2\na: 3\n', ['yaml-duplicate-key a']],
    ['a: 1\n"a": 3\n', ['yaml-duplicate-key "a"']],
    ['1: a\n"1": b\n', ['yaml-duplicate-key "1"']],
    ['a: { b: 1, b: 2, c: 3, c: 4 }', ['yaml-duplicate-key b', 'yaml-duplicate-key c']],
    ['a: &x { b: 1, b: 2 }\nc: *x\nd: *x', ['yaml-duplicate-key b']],
    ['a: 010', ['yaml-number 010']],
    ['a: -08', ['yaml-number -08']],
    ['a: 0o17', ['yaml-number 0o17']],
    ['a: "\\ud800"', ['yaml-text "\\ud800"']],
    ['a: *b', ['yaml-alias *b']],
    ['a: *b\nb: &b 1', ['yaml-alias *b']],
    ['a: &a [*a]', ['yaml-alias *a']],
    ['a: &a { b: { c: *a } }', ['yaml-alias *a']],
    ['? [a, b]\n: c', ['yaml-key [a, b]']],
    ['{ { a: b }: c }', ['yaml-key { a: b }']],
    ['? \n: c', ['yaml-key ']],
    ['a: &a { b: 1 }\nc: { <<: *a }', ['yaml-key <<']],
  ])('of %j that readers could take differently is refused', (text, said) => {
    expect(told(text)).toEqual(said);
  });

  it('takes a key "<<" in quotes as it is', () => {
    expect(read('"<<": 1').data).toEqual(Object.assign(Object.create(null), { '<<': 1 }));
  });

  it('tells where the first of two keys stands', () => {
    expect(read('a: 1\na: 2\n').diagnostics[0]?.related).toEqual([
      { span: { start: 0, end: 1 }, message: 'first here' },
    ]);
  });
});

describe('data that grows', () => {
  it.each<[what: string, text: () => string, message: string]>([
    [
      'by aliases',
      () => `a: &a [${'x,'.repeat(999)}]\nb: &b [${'*a,'.repeat(999)}]\nc: [*b, *b]`,
      'the model grows to more than 1000000 values here',
    ],
    [
      'in depth by aliases',
      () => Array.from({ length: 70 }, (_, i) => `a${i}: &a${i} [${i === 0 ? '' : `*a${i - 1}`}]\n`).join(''),
      'the model grows to more than 64 levels here',
    ],
    [
      'by entries',
      () => Array.from({ length: LIMITS.entries + 1 }, (_, i) => `k${i}: 1\n`).join(''),
      'more than 20000 entries stand in one map here',
    ],
    ['by items', () => `[${'1,'.repeat(LIMITS.items + 1)}]`, 'more than 5000 values stand in one list here'],
  ])('%s beyond a limit is refused once', (_what, text, message) => {
    expect(read(text()).diagnostics.map((diagnostic) => diagnostic.message)).toEqual([message]);
  });

  it('up to its limits is read', () => {
    expect(read(`[${'1,'.repeat(LIMITS.items)}]`).diagnostics).toEqual([]);
    expect(told(Array.from({ length: LIMITS.entries }, (_, i) => `k${i}: 1\n`).join(''))).toEqual([]);
  });

  it('by mistakes has the first hundred of them told', () => {
    expect(told('a: 1\n'.repeat(500))).toHaveLength(100);
  });
});
