import { describe, expect, it } from 'vitest';
import { LIMITS } from './limits.ts';
import { parseYaml } from './parse-yaml.ts';

/** What is wrong with a text: the rule, what is underlined, the message. */
function wrong(text: string) {
  const parsed = parseYaml(text);
  if (!('diagnostic' in parsed)) return undefined;
  const { rule, span, message } = parsed.diagnostic;
  return { rule, at: text.slice(span.start, span.end), start: span.start, message };
}

describe('a text that is YAML', () => {
  it.each([
    'a: 1\n',
    '%YAML 1.2\n---\na: 1\n...\n',
    '# comment\n\na: [1, { b: c }]\n',
    "a: 'it''s'\nb: \"\\\"\"\n",
    'a: "two\n  lines"\n',
    'a: |\n  !not a tag\n  "not closed\nb: >-\n  [x\n',
    'a: b!c\nd: x"y\ne: it\'s\nf: 100%\n',
    'list: [\n  a,\n  b,\n]\n',
    '- a\n- b\n',
  ])('is read: %j', (text) => {
    expect(wrong(text)).toBeUndefined();
  });
});

describe('a text that is not a model in YAML is told at the place of its first mistake', () => {
  it.each<[text: string, rule: string, at: string, message: string]>([
    ['', 'yaml-empty', '', 'the model is empty'],
    ['# only\n', 'yaml-empty', '', 'the model is empty'],
    [
      'a: 1\n---\nb: 2\n',
      'yaml-documents',
      '---',
      'a second YAML document starts here; a model is one document',
    ],
    ['a: [1, 2\nb: 3\n', 'yaml-syntax', '[', 'the list that starts here does not end'],
    ['a: { b: 1\nc: 3\n', 'yaml-syntax', '{', 'the map that starts here does not end'],
    ['a: [1, 2', 'yaml-syntax', '[', 'the list that starts here does not end'],
    ['a: { b: [1, 2 }\n', 'yaml-syntax', '}', 'a "]" is missing before this "}"'],
    ['a: [{ b: 1 ]\n', 'yaml-syntax', ']', 'a "}" is missing before this "]"'],
    ['a: "b\nc: d\n', 'yaml-syntax', '"b', 'the text in quotes that starts here does not end'],
    ["a: 'b\nc: d\n", 'yaml-syntax', "'b", 'the text in quotes that starts here does not end'],
    ['a:\n\tb: 1\n', 'yaml-syntax', '\t', 'a tab indents this line; YAML takes spaces only'],
    ['a: b: c\n', 'yaml-syntax', 'b', 'a second `key:` stands on one line'],
    [
      'a:\n  b: c\n    d: e\n',
      'yaml-syntax',
      'd',
      'the line of "d" is indented so far that it continues the text above it',
    ],
    ['a:\n    b: 1\n  c: 2\n', 'yaml-syntax', 'c', 'this line starts at another column than those beside it'],
    ['a: 1\nb\nc: 2\n', 'yaml-syntax', 'b', 'this line is not of the form `key: value`'],
    ['a: @b\n', 'yaml-syntax', '@', 'a text cannot start with this character'],
    ['a: `b`\n', 'yaml-syntax', '`', 'a text cannot start with this character'],
    ['a: !!str b\n', 'yaml-tag', '!!str', 'a model has no tags such as "!!str"'],
    ['a: !vault b\n', 'yaml-tag', '!vault', 'a model has no tags such as "!vault"'],
    ['%YAML 1.1\n---\na: 1\n', 'yaml-version', '%YAML 1.1', 'this asks for YAML 1.1; a model is YAML 1.2'],
    [
      '%TAG ! tag:x,2000:\n---\na: 1\n',
      'yaml-syntax',
      '%TAG ! tag:x,2000:',
      'a model has no directives such as %TAG',
    ],
  ])('%j', (text, rule, at, message) => {
    expect(wrong(text)).toMatchObject({ rule, at, message });
  });

  it('even where a later one is told first by the parser', () => {
    expect(wrong('a: !vault b\nc: [\n')).toMatchObject({ rule: 'yaml-tag', start: 3 });
    expect(wrong('c: [1\na: !vault b\n')).toMatchObject({ rule: 'yaml-syntax', start: 3 });
  });

  it('where a bracket is missing with the place of its other half', () => {
    const parsed = parseYaml('members: [lb1, lb2, port: 6443 }\n');
    const related = 'diagnostic' in parsed ? parsed.diagnostic.related : undefined;
    expect(related).toEqual([{ span: { start: 9, end: 10 }, message: 'the list starts here' }]);
  });
});

describe('a text at a limit', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

  it('of depth is read, and one beyond it is not', () => {
    expect(wrong(nested(LIMITS.depth))).toBeUndefined();
    expect(wrong(nested(LIMITS.depth + 1))).toMatchObject({ rule: 'yaml-limit', start: LIMITS.depth });
  });

  it('of words and signs is not read to its end', () => {
    const text = 'a,'.repeat(LIMITS.tokens);
    const found = wrong(`[${text}]`);
    expect(found).toMatchObject({
      rule: 'yaml-limit',
      message: 'the model has more than 1000000 words and signs up to here',
    });
    expect(found?.start).toBeLessThan(text.length / 2);
  });
});
