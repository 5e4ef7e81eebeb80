import { describe, expect, it } from 'vitest';
import { LineIndex } from '../position.ts';
import { styleFor } from '../style.ts';
import { codeFrame } from './code-frame.ts';

const look = { style: styleFor(false), paint: (text: string) => text, width: 120 };

/** The frame around the first occurrence of a word. */
function frameOf(text: string, word: string, width = 120): string[] {
  const source = new LineIndex(text);
  const start = text.indexOf(word);
  const location = {
    file: 'x.yaml',
    start: source.position(start),
    end: source.position(start + word.length),
    source,
  };
  return codeFrame(location, { ...look, width });
}

/** What stands above the marks of a frame. */
function marked(frame: readonly string[]): string {
  const index = frame.findIndex((line) => /\| +\^+$/.test(line));
  const marks = frame[index] ?? '';
  return frame[index - 1]?.slice(marks.indexOf('^'), marks.lastIndexOf('^') + 1) ?? '';
}

describe('a code frame', () => {
  it('underlines a word between the lines around it', () => {
    expect(frameOf('a: 1\nb: two\nc: 3\nd: 4\n', 'two')).toEqual([
      '  --> x.yaml:2:4',
      '  1 | a: 1',
      '  2 | b: two',
      '    |    ^^^',
      '  3 | c: 3',
    ]);
  });

  it('leaves out empty lines around it', () => {
    expect(frameOf('a: 1\n\nb: two\n\n', 'two')).toEqual([
      '  --> x.yaml:3:4',
      '  3 | b: two',
      '    |    ^^^',
    ]);
  });

  it('widens its margin with the line numbers', () => {
    const text = `${'x: 1\n'.repeat(8)}b: two\nc: 3\n`;
    expect(frameOf(text, 'two')).toEqual([
      '  --> x.yaml:9:4',
      '   8 | x: 1',
      '   9 | b: two',
      '     |    ^^^',
      '  10 | c: 3',
    ]);
  });

  it('underlines the first line of what takes several', () => {
    expect(frameOf('a: [1,\n  2]\n', '[1,\n  2]')).toEqual([
      '  --> x.yaml:1:4',
      '  1 | a: [1,',
      '    |    ^^^',
      '  2 |   2]',
    ]);
  });

  it('marks a place between characters, and one behind the text', () => {
    const source = new LineIndex('ab');
    const at = (column: number) => ({
      file: 'x',
      start: { line: 1, column },
      end: { line: 1, column },
      source,
    });
    expect(codeFrame(at(2), look).at(-1)).toBe('    |  ^');
    expect(codeFrame(at(3), look).at(-1)).toBe('    |   ^');
  });

  it.each<[what: string, text: string, word: string, shown: string]>([
    ['tabs', 'a:\t{ b: two }', 'two', 'two'],
    ['control characters', 'a: \u0007\u001b[31m two', 'two', 'two'],
    ['what cannot be seen', 'a: \u200b two', 'two', 'two'],
    ['an emoji before it', 'a: \u{1f600} two', 'two', 'two'],
  ])('keeps its marks in place with %s', (_what, text, word, shown) => {
    expect(marked(frameOf(text, word))).toBe(shown);
  });

  it('counts wide characters as two cells', () => {
    // On a terminal the two characters before the word take four cells.
    expect(frameOf('a: \u7f51\u7edc two', 'two').slice(1)).toEqual([
      '  1 | a: \u7f51\u7edc two',
      '    |         ^^^',
    ]);
  });

  it.each<[what: string, before: string, cells: number]>([
    ['accents that stand alone', 'e\u0301e\u0301', 2],
    ['a syllable of Hangul in parts', '\u1112\u1161\u11ab', 2],
    ['a pictograph of the basic plane', '\u2705', 2],
    ['letters beyond it that are narrow', '\u{1d400}\u{10330}', 2],
    ['ideographs beyond it', '\u{20000}', 2],
    ['wide signs', '\uff01\u3002', 4],
    ['halfwidth signs', '\uff61\uff71', 2],
    ['a joiner, which is shown', '\u200d', 1],
  ])('stands under a word behind %s', (_what, before, cells) => {
    const [, , marks] = frameOf(`a: ${before} two`, 'two');
    expect(marks).toBe(`    |    ${' '.repeat(cells)} ^^^`);
  });

  it('shows as much of a line as the terminal has room for', () => {
    const line = `${'x'.repeat(60)} HERE ${'y'.repeat(60)}`;
    for (const width of [40, 60, 80]) {
      const frame = frameOf(line, 'HERE', width);
      expect(marked(frame)).toBe('HERE');
      expect(Math.max(...frame.map((row) => row.length))).toBeLessThanOrEqual(width);
    }
    expect(frameOf(line, 'HERE', 150)[1]).toBe(`  1 | ${line}`);
  });

  it('cuts no wide character in two', () => {
    const wide = '\u7f51'.repeat(100);
    for (const shift of ['', 'x']) {
      const [, shown = '', marks = ''] = frameOf(`${shift}${wide} HERE ${wide}`, 'HERE');
      const [before = ''] = shown.split('HERE');
      expect(before).toMatch(/^ {2}1 \| \.\.\. ?\u7f51+ $/);
      expect(shown).toMatch(/ HERE \u7f51+ ?\.\.\.$/);
      // Each of the ideographs takes two cells.
      expect(marks.indexOf('^')).toBe(before.length + before.split('\u7f51').length - 1);
      expect(shown.length + shown.split('\u7f51').length - 1).toBeLessThanOrEqual(120);
    }
  });

  it('is quick with a line of megabytes', () => {
    const text = `${'x'.repeat(2_000_000)} HERE ${'y'.repeat(2_000_000)}`;
    const start = performance.now();
    for (let count = 0; count < 100; count += 1) expect(marked(frameOf(text, 'HERE'))).toBe('HERE');
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  it.each([
    ['at its start', `${'x'.repeat(10)} HERE ${'y'.repeat(300)}`],
    ['in its middle', `${'x'.repeat(200)} HERE ${'y'.repeat(200)}`],
    ['at its end', `${'x'.repeat(300)} HERE`],
  ])('shows what matters of a long line: %s', (_what, line) => {
    const frame = frameOf(`short: 1\n${line}\nother: ${'z'.repeat(400)}\n`, 'HERE');
    expect(marked(frame)).toBe('HERE');
    expect(Math.max(...frame.map((row) => row.length))).toBeLessThan(120);
  });

  it('does not cut a line that fits', () => {
    const line = `${'x'.repeat(100)} HERE`;
    expect(frameOf(line, 'HERE')[1]).toBe(`  1 | ${line}`);
  });

  it('is the place alone where there is no text', () => {
    const location = { file: 'x.yaml', start: { line: 1, column: 1 }, end: { line: 1, column: 1 } };
    expect(codeFrame(location, look)).toEqual(['  --> x.yaml:1:1']);
    expect(codeFrame({ ...location, source: new LineIndex('') }, look)).toEqual(['  --> x.yaml:1:1']);
  });
});
