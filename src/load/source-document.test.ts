import { describe, expect, it } from 'vitest';
import type { Path, Span } from '../diagnostics/diagnostic.ts';
import { parseModel } from './load-model.ts';
import type { SourceDocument } from './source-document.ts';

const TEXT = `# a comment
name: home
lan: { cidr: 10.0.0.0/24, 0x10: hex }
nodes:
  lb1: &lb
    role: [a, b] # roles
    ip:
  lb2: *lb

flows:
  - from: a
    to: b
`;

function documentOf(text: string): SourceDocument {
  const { document } = parseModel('cluster.yaml', Buffer.from(text));
  if (document === undefined) throw new Error('no document');
  return document;
}

const document = documentOf(TEXT);
const at = ({ start, end }: Span) => TEXT.slice(start, end);

describe('the place of a path', () => {
  it.each<[path: Path, key: string, value: string]>([
    [['name'], 'name', 'home'],
    [['lan', 'cidr'], 'cidr', '10.0.0.0/24'],
    [['lan', '0x10'], '0x10', 'hex'],
    [['lan'], 'lan', '{ cidr: 10.0.0.0/24, 0x10: hex }'],
    [['nodes', 'lb1', 'role'], 'role', '[a, b]'],
    [['nodes', 'lb1', 'role', 1], 'b', 'b'],
    [['nodes', 'lb1', 'role', 'b'], 'b', 'b'],
    [['nodes', 'lb2'], 'lb2', '*lb'],
    [['nodes', 'lb2', 'role', 0], 'a', 'a'],
    [['flows', 0, 'to'], 'to', 'b'],
  ])('%j is its key or its value', (path, key, value) => {
    expect([at(document.span(path, 'key')), at(document.span(path, 'value'))]).toEqual([key, value]);
  });

  it('of a value that is empty is where it would stand', () => {
    expect(document.span(['nodes', 'lb1', 'ip'])).toEqual({
      start: TEXT.indexOf('ip:') + 3,
      end: TEXT.indexOf('ip:') + 3,
    });
  });

  it('of the whole model is its first character, not all of it', () => {
    expect(document.span([])).toEqual({ start: 12, end: 13 });
  });

  it.each<[path: Path, nearest: string]>([
    [['nodes', 'lb1', 'mac'], 'role: ['],
    [['flows', 7], '- from'],
    [['nodes', 'lb1', 'role', 'c'], '[a, b]'],
    [['flows', 0, 'to', 'b', 'name'], 'to: b'],
    [['nothing', 'here'], 'n'],
  ])('%j that does not stand in the text is that of what is around it', (path, nearest) => {
    const { start, end } = document.span(path);
    expect(TEXT.slice(start - 5, end)).toContain(nearest);
  });
});

describe('a finding', () => {
  it('becomes a diagnostic at its place', () => {
    const finding = { rule: 'r', message: 'm', at: ['name'], help: 'h' };
    expect(document.locate(finding)).toEqual({
      rule: 'r',
      severity: 'error',
      message: 'm',
      span: { start: TEXT.indexOf('home'), end: TEXT.indexOf('home') + 4 },
      path: ['name'],
      help: 'h',
    });
  });

  it('points at what is related by the word, or by the key of what is larger', () => {
    const related = (path: Path) => {
      const diagnostic = document.locate({
        rule: 'r',
        message: 'm',
        at: [],
        related: [{ at: path, message: '' }],
      });
      return diagnostic.related?.map(({ span }) => at(span));
    };
    expect(related(['name'])).toEqual(['home']);
    expect(related(['lan'])).toEqual(['lan']);
    expect(related(['nodes'])).toEqual(['nodes']);
    expect(related(['nodes', 'lb1'])).toEqual(['lb1']);
  });
});
