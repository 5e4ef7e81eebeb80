import { describe, expect, it } from 'vitest';
import { locateDiagnostics } from '../located.ts';
import { formatJson } from './json.ts';

describe('diagnostics for programs', () => {
  it('are one document of a known version', () => {
    expect(formatJson([])).toBe('{\n  "version": 1,\n  "diagnostics": []\n}\n');
  });

  it('have places from 1 with exclusive ends, and no key without a value', () => {
    const text = 'a: 1\nb: 2\n';
    const diagnostics = [
      { rule: 'r', severity: 'warning', message: 'plain', span: { start: 0, end: 1 } } as const,
      {
        rule: 'r',
        severity: 'error',
        message: 'whole',
        span: { start: 8, end: 9 },
        path: ['b'],
        related: [{ span: { start: 0, end: 4 }, message: 'see' }],
        help: 'h',
      } as const,
    ];
    const place = { file: 'x.yaml', line: 1, column: 1, endLine: 1, endColumn: 2 };
    expect(JSON.parse(formatJson(locateDiagnostics(diagnostics, { file: 'x.yaml', text })))).toEqual({
      version: 1,
      diagnostics: [
        { rule: 'r', severity: 'warning', message: 'plain', ...place, related: [] },
        {
          rule: 'r',
          severity: 'error',
          message: 'whole',
          file: 'x.yaml',
          line: 2,
          column: 4,
          endLine: 2,
          endColumn: 5,
          path: 'b',
          related: [{ message: 'see', file: 'x.yaml', line: 1, column: 1, endLine: 1, endColumn: 5 }],
          help: 'h',
        },
      ],
    });
  });

  it('have an edit with the offsets of what it replaces', () => {
    const edit = { span: { start: 8, end: 9 }, replacement: '3', within: { start: 5, end: 10 } };
    const diagnostic = {
      rule: 'r',
      severity: 'error',
      message: 'm',
      span: { start: 5, end: 6 },
      edit,
    } as const;
    const located = locateDiagnostics([diagnostic], { file: 'x.yaml', text: 'a: 1\nb: 2\n' });
    expect(JSON.parse(formatJson(located)).diagnostics[0].edit).toEqual({
      file: 'x.yaml',
      line: 2,
      column: 4,
      endLine: 2,
      endColumn: 5,
      offset: 8,
      endOffset: 9,
      replacement: '3',
    });
  });
});
