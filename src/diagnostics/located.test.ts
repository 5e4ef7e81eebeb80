import { describe, expect, it } from 'vitest';
import { locateDiagnostics } from './located.ts';

const text = 'a: 1\nb: [2,\n  3]\n';
const base = { rule: 'r', severity: 'error', message: 'm' } as const;

describe('diagnostics of a file', () => {
  it('have lines and columns, ends exclusive, over several lines, too', () => {
    const [located] = locateDiagnostics([{ ...base, span: { start: 8, end: 16 } }], { file: 'x.yaml', text });
    expect(located).toMatchObject({
      file: 'x.yaml',
      start: { line: 2, column: 4 },
      end: { line: 3, column: 5 },
    });
  });

  it('are in the order of their places, the shorter first', () => {
    const spans = [
      { start: 5, end: 6 },
      { start: 0, end: 4 },
      { start: 0, end: 1 },
    ];
    const located = locateDiagnostics(
      spans.map((span) => ({ ...base, span })),
      { file: 'x.yaml', text },
    );
    expect(located.map(({ start, end }) => [start.line, start.column, end.column])).toEqual([
      [1, 1, 2],
      [1, 1, 5],
      [2, 1, 2],
    ]);
  });

  it('have their related places in the same file, and their path as people write it', () => {
    const related = [{ span: { start: 0, end: 1 }, message: 'first here' }];
    const [located] = locateDiagnostics([{ ...base, span: { start: 9, end: 10 }, path: ['b', 0], related }], {
      file: 'x.yaml',
      text,
    });
    expect(located).toMatchObject({
      path: 'b[0]',
      related: [
        { file: 'x.yaml', message: 'first here', start: { line: 1, column: 1 }, end: { line: 1, column: 2 } },
      ],
    });
  });
});
