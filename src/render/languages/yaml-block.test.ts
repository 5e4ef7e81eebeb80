import { format } from 'prettier';
import { describe, expect, it } from 'vitest';
import { yamlBlock } from './yaml-block.ts';

describe('values as lines of YAML', () => {
  it.each<[what: string, value: unknown, lines: string[]]>([
    ['lists in lists', { a: [[1, [2]], []] }, ['a:', '  - - 1', '    - - 2', '  - []']],
    ['maps in lists', [{ b: 1, a: { c: null } }, {}], ['- a:', '    c: null', '  b: 1', '- {}']],
    ['keys that are words or numbers', { yes: 1, '10': 2 }, ['"10": 2', '"yes": 1']],
    ['numbers with an exponent, which have a dot', [1e-7, 1e21, 0.5], ['- 1.0e-7', '- 1.0e+21', '- 0.5']],
    ["texts with Jinja's signs", { a: ['{{ x }}'] }, ['a:', '  - !unsafe "{{ x }}"']],
    ['maps that JavaScript makes', new Map([['a', true]]), ['a: true']],
  ])('%s', async (_what, value, lines) => {
    const text = `${lines.join('\n')}\n`;
    expect(`${yamlBlock(value)}\n`).toBe(text);
    expect(await format(text, { parser: 'yaml' })).toBe(text);
  });
});
