import type { Log } from 'sarif';
import { describe, expect, it } from 'vitest';
import { locateDiagnostics } from '../located.ts';
import { formatSarif } from './sarif.ts';

const text = 'a: 1\nb: 2\n';
const rules = new Map([['known', { summary: 'what is wrong', help: 'What to do.' }]]);

describe('diagnostics in SARIF', () => {
  const located = locateDiagnostics(
    [
      { rule: 'other', severity: 'warning', message: 'plain', span: { start: 0, end: 1 } },
      {
        rule: 'known',
        severity: 'error',
        message: 'whole',
        span: { start: 8, end: 9 },
        related: [{ span: { start: 0, end: 4 }, message: 'see' }],
        help: 'h',
      },
    ],
    { file: 'clusters/my home.yaml', text },
  );
  const log: Log = JSON.parse(formatSarif(located, { version: '1.2.3', rules }));

  it('are one run of one tool, which says what it knows of each rule', () => {
    expect(log).toMatchObject({ version: '2.1.0', runs: [{ columnKind: 'utf16CodeUnits' }] });
    expect(log.runs[0]?.tool.driver).toEqual({
      name: 'gen-infra',
      version: '1.2.3',
      rules: [
        { id: 'known', shortDescription: { text: 'what is wrong' }, help: { text: 'What to do.' } },
        { id: 'other' },
      ],
    });
  });

  it('have places from 1 with exclusive ends, in a file that is a URI', () => {
    const place = (startLine: number, startColumn: number, endColumn: number) => ({
      artifactLocation: { uri: 'clusters/my%20home.yaml' },
      region: { startLine, startColumn, endLine: startLine, endColumn },
    });
    expect(log.runs[0]?.results).toEqual([
      {
        ruleId: 'other',
        ruleIndex: 1,
        level: 'warning',
        message: { text: 'plain' },
        locations: [{ physicalLocation: place(1, 1, 2) }],
      },
      {
        ruleId: 'known',
        ruleIndex: 0,
        level: 'error',
        message: { text: 'whole\nhelp: h' },
        locations: [{ physicalLocation: place(2, 4, 5) }],
        relatedLocations: [{ id: 0, message: { text: 'see' }, physicalLocation: place(1, 1, 5) }],
      },
    ]);
  });

  it('have a fix of one change where there is an edit', () => {
    const edit = { span: { start: 8, end: 9 }, replacement: '3' };
    const diagnostic = {
      rule: 'r',
      severity: 'error',
      message: 'm',
      span: { start: 5, end: 6 },
      edit,
    } as const;
    const fixable = locateDiagnostics([diagnostic], { file: 'my home.yaml', text });
    const { runs }: Log = JSON.parse(formatSarif(fixable, { version: '1.2.3', rules }));
    expect(runs[0]?.results?.[0]?.fixes).toEqual([
      {
        artifactChanges: [
          {
            artifactLocation: { uri: 'my%20home.yaml' },
            replacements: [
              {
                deletedRegion: { startLine: 2, startColumn: 4, endLine: 2, endColumn: 5 },
                insertedContent: { text: '3' },
              },
            ],
          },
        ],
      },
    ]);
  });
});
