import fc from 'fast-check';
import { format } from 'prettier';
import { describe, expect, it } from 'vitest';
import { codeLine, markdown, markdownCode, markdownTable } from './markdown.ts';

const formatted = (text: string) => format(text, { parser: 'markdown' });

/** The text that a filter makes, or undefined where it refuses. */
function accepted(filter: (value: unknown) => string, text: string): string | undefined {
  try {
    return filter(text);
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError);
    return undefined;
  }
}

describe('a text in a paragraph', () => {
  it.each([
    'K3s on kvm1 (Rocky Linux 9); names end in kube.internal.',
    'kube_network_02',
    '10.17.4.0/24',
    'a - b',
    '1',
  ])('of names and addresses stays as it is: %s', async (text) => {
    expect(markdown(text)).toBe(text);
    expect(await formatted(`${text}\n`)).toBe(`${text}\n`);
  });

  it.each([
    ['kube_', 'kube\\_'],
    ['_kube', '\\_kube'],
    ['a-_b_', 'a-\\_b\\_'],
    ['a__b', 'a__b'],
    ['(_a_)', '(\\_a\\_)'],
    ['names end in www.a.b.', 'names end in www\\.a.b.'],
  ])('has underscores and dots that would be emphasis or a link escaped: %s', async (text, escaped) => {
    expect(markdown(text)).toBe(escaped);
    expect(await formatted(`${escaped}\n`)).toBe(`${escaped}\n`);
  });

  it.each([
    ...[
      '# title',
      '> quote',
      '- item',
      '+ item',
      '= line',
      '1. item',
      '2) item',
      '* item',
      '    code',
      'end  ',
      'a  b',
      '$a$',
    ],
    ...['`code`', '*a*', '[a](b)', '![a](b)', '<b>', 'a|b', '~~a~~', '&amp;', 'a\\', 'a\nb', 'a\u0000'],
  ])('that would be markup is refused: %j', (text) => {
    expect(() => markdown(text)).toThrow(TypeError);
  });

  it('that is taken stays as it is under prettier, as a paragraph and in a list', async () => {
    const signs = fc.constantFrom(...'ab1_-.+#> :;()/,!?$"\'=*`');
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: signs, minLength: 1, maxLength: 10 }), async (text) => {
        const written = accepted(markdown, text);
        fc.pre(written !== undefined);
        const file = `Says ${written} here.\n\n- ${written}\n`;
        expect(await formatted(file)).toBe(file);
      }),
      { numRuns: 100 },
    );
  });
});

/** The content of a code span by the rules of CommonMark 0.31, section 6.1; it has to be the only one. */
function readCodeSpan(span: string): string {
  const [, fence = '', inner = ''] = /^(`+)(.*)\1$/s.exec(span) ?? [];
  expect(fence).not.toBe('');
  // The string must end at the first run of backticks of the length of the first.
  expect(inner).toMatch(/^[^`]|^`*$/);
  expect((inner.match(/`+/g) ?? []).map((run) => run.length)).not.toContain(fence.length);
  const isPadded = inner.startsWith(' ') && inner.endsWith(' ') && inner.trim() !== '';
  return isPadded ? inner.slice(1, -1) : inner;
}

describe('a text in a code span', () => {
  it.each([
    ['kube_network_01', '`kube_network_01`'],
    ['a | b', '`a | b`'],
    ['`', '`` ` ``'],
    ['``', '` `` `'],
    ['a`b', '``a`b``'],
    ['` and ``', '``` ` and `` ```'],
    ['a  b', '`a  b`'],
    ['a\u00a0b\u3000', '`a\u00a0b\u3000`'],
    [' a', '` a`'],
    [' a ', '`  a  `'],
    ['  ', '`  `'],
  ])('%j is written as %s', (text, written) => {
    expect(markdownCode(text)).toBe(written);
  });

  it('whatever it is, is that text, and stays as it is under prettier', async () => {
    const signs = fc.string({ unit: fc.constantFrom(...'`` ab|*<\\_{}'), minLength: 1, maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(signs, async (text) => {
        const span = markdownCode(text);
        expect(readCodeSpan(span)).toBe(text);
        expect(await formatted(`- ${span} (${span})\n`)).toBe(`- ${span} (${span})\n`);
      }),
      { numRuns: 100 },
    );
  });

  it.each(['', 'a\u0000b', 'a\nb', 'a\u2028b'])('that none can hold is refused: %j', (text) => {
    expect(() => markdownCode(text)).toThrow(TypeError);
  });
});

describe('a line of a code block', () => {
  it.each(['ansible-playbook playbooks/site.yml', "echo 'a' | cat > b", '`a`'])(
    'stays as it is: %s',
    (line) => {
      expect(codeLine(line)).toBe(line);
    },
  );

  it.each(['```', 'a\nb', 'a\rb', 'a\u0000', '````sh'])('that would end it is refused: %j', (line) => {
    expect(() => codeLine(line)).toThrow(TypeError);
  });
});

describe('a table', () => {
  it('has a line for the head and for each row', () => {
    expect(
      markdownTable({
        head: ['Node', 'Address'],
        rows: [
          ['lb1', '10.17.4.21'],
          ['kube_', ''],
        ],
      }),
    ).toBe(
      [
        '<!-- prettier-ignore -->',
        '| Node | Address |',
        '| --- | --- |',
        '| lb1 | 10.17.4.21 |',
        '| kube\\_ |  |',
      ].join('\n'),
    );
  });

  it.each(['a|b', 'a\nb', '<b>', '`a`', '\\', 'ü', '*a*', '[a](b)'])('refuses a cell like %j', (cell) => {
    expect(() => markdownTable({ head: ['a'], rows: [[cell]] })).toThrow(TypeError);
    expect(() => markdownTable({ head: [cell], rows: [] })).toThrow(TypeError);
  });
});
