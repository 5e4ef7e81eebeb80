import { describe, expect, it } from 'vitest';
import { locateDiagnostics } from '../located.ts';
import { formatGithub } from './github.ts';

const text = 'a: 1\nb: [2,\n  3]\n';
const lines = (...diagnostics: Parameters<typeof locateDiagnostics>[0]) =>
  formatGithub(locateDiagnostics(diagnostics, { file: 'clusters/a,b.yaml', text }));

describe('diagnostics for GitHub', () => {
  it('are a workflow command each, with the help in the text', () => {
    const span = { start: 3, end: 4 };
    expect(lines({ rule: 'r', severity: 'error', message: '50% off: "x"', span, help: 'say 2' })).toBe(
      '::error file=clusters/a%2Cb.yaml,line=1,endLine=1,col=4,endColumn=5,title=r::50%25 off: "x"%0Ahelp: say 2\n',
    );
  });

  it('have no columns over several lines, where GitHub takes none', () => {
    expect(lines({ rule: 'r', severity: 'warning', message: 'm', span: { start: 8, end: 16 } })).toBe(
      '::warning file=clusters/a%2Cb.yaml,line=2,endLine=3,title=r::m\n',
    );
  });

  it('are nothing where there are none', () => {
    expect(lines()).toBe('');
  });
});
