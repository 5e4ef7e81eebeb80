import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inProject } from './support/paths.ts';

const text = readFileSync(inProject('docs/seeds.md'), 'utf8');

/** A place where the documents ask for what cannot work: `### 7. Title` and a list of what there is to say. */
const places = text
  .split(/^### /m)
  .slice(1)
  .map((section) => {
    const [heading = '', ...rest] = section.split('\n');
    const items = rest.join('\n').split(/^##\s/m)[0]?.split(/^- /m).slice(1) ?? [];
    const item = (start: RegExp) => items.find((candidate) => start.test(candidate)) ?? '';
    return {
      heading,
      count: items.length,
      says: item(/^(Lines?|Throughout)\b/),
      instead: item(/^Instead: /),
      why: item(/^Why: /),
      inModel: item(/^In a model: /),
      proof: item(/^Proof: /),
    };
  });

/** A diagnosis: there is nothing to emit, and nothing to test. */
const isDiagnosis = ({ heading }: { readonly heading: string }) => heading.startsWith('40. ');

const filesIn = (markdown: string) =>
  [...markdown.matchAll(/\]\(\.\.\/([^)]+)\)/g)].map(([, path = '']) => path);

/** Each test file that a proof links to, with the titles that follow it in quotes. */
function testsIn(proof: string): { file: string; titles: string[] }[] {
  return [...proof.matchAll(/\]\(\.\.\/([^)]+\.test\.ts)\)([^[]*)/g)].map(([, file = '', after = '']) => ({
    file,
    titles: [...after.matchAll(/"([^"]+)"/g)].map(([, title = '']) => title),
  }));
}

/** Whether a test file has a title as a text of its own: in a call, or in a row of a table of tests. */
function hasTitle(file: string, title: string): boolean {
  const source = readFileSync(inProject(file), 'utf8');
  return ["'", '"'].some((quote) => source.includes(`${quote}${title}${quote},`));
}

describe('docs/seeds.md', () => {
  it('has all 44 places, in order', () => {
    const numbers = places.map(({ heading }) => heading.split(' ')[0]);
    expect(numbers).toEqual(Array.from({ length: 44 }, (_, index) => `${index + 1}.`));
  });

  it('links to nothing that is not there', () => {
    const missing = filesIn(text).filter((path) => !existsSync(inProject(path)));
    expect(missing).toEqual([]);
  });
});

describe.each(places)('$heading', (place) => {
  it('says what the document says, what is emitted, why, what a model makes of it, and what proves it', () => {
    const { says, instead, why, inModel, proof, count } = place;
    expect([says, instead, why, inModel, proof].filter((item) => item === '')).toEqual([]);
    expect(count).toBe(5);
  });

  it('has a case, or says why no model can cause it', () => {
    const { inModel } = place;
    const cases = filesIn(inModel).filter((path) => /^test\/(cases\/err|command)\//.test(path));
    const isImpossible = /^In a model: cannot be (said|told)\b.{15}/s.test(inModel);
    expect(cases.length > 0 || isImpossible).toBe(true);
    for (const { file, titles } of testsIn(inModel)) {
      expect(titles.length, file).toBeGreaterThan(0);
      expect(titles.filter((title) => !hasTitle(file, title))).toEqual([]);
    }
  });
});

describe.each(places.filter((place) => !isDiagnosis(place)))('$heading', (place) => {
  it('names files of the output', () => {
    const emitted = filesIn(place.instead).filter((path) => path.split('/').includes('generated'));
    expect(emitted.length).toBeGreaterThan(0);
  });

  it('names tests that there are', () => {
    const tests = testsIn(place.proof);
    expect(tests.length).toBeGreaterThan(0);
    for (const { file, titles } of tests) {
      expect(titles.length, file).toBeGreaterThan(0);
      expect(titles.filter((title) => !hasTitle(file, title))).toEqual([]);
    }
  });
});
