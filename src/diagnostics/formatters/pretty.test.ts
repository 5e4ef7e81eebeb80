import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../diagnostic.ts';
import { locateDiagnostics } from '../located.ts';
import { styleFor } from '../style.ts';
import { formatPretty } from './pretty.ts';

const text = 'name: home\nname: other\n';
const twice: Diagnostic = {
  rule: 'yaml-duplicate-key',
  severity: 'error',
  message: 'the key "name" stands twice',
  span: { start: 11, end: 15 },
  related: [{ span: { start: 0, end: 4 }, message: 'first here' }],
  help: 'keep one of the two',
};

function format(diagnostics: readonly Diagnostic[], hasColor = false): string {
  return formatPretty(locateDiagnostics(diagnostics, { file: 'cluster.yaml', text }), styleFor(hasColor));
}

describe('a diagnostic for people', () => {
  it('says what, where, what else is involved and how to fix it', () => {
    expect(format([twice])).toBe(`error[yaml-duplicate-key]: the key "name" stands twice
  --> cluster.yaml:2:1
  1 | name: home
  2 | name: other
    | ^^^^
  note: first here
  --> cluster.yaml:1:1
  1 | name: home
    | ^^^^
  2 | name: other
  help: keep one of the two
`);
  });

  it('says what a command does by itself in place of an advice', () => {
    const edit = { span: { start: 11, end: 23 }, replacement: '' };
    expect(format([{ ...twice, edit }])).toBe(format([twice]).replace('  help: ', '  fix: '));
  });

  it('is apart from the next one by an empty line', () => {
    const plain: Diagnostic = { rule: 'r', severity: 'warning', message: 'm', span: { start: 0, end: 4 } };
    expect(format([plain, plain]).split('\n\n')).toHaveLength(2);
    expect(format([])).toBe('');
  });

  it('never sends control characters of a model to a terminal', () => {
    const message = 'the name "\u001b]0;title\u0007" is odd\u202e';
    const output = format([{ ...twice, message, help: '\u009b2J' }]);
    expect(output.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  it('has colours where they are asked for, and the same text', () => {
    const colored = format([twice], true);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: ANSI colours start with ESC.
    expect(colored.replace(/\u001b\[\d+m/g, '')).toBe(format([twice]));
    expect(colored).toContain('\u001b[31m');
  });
});
