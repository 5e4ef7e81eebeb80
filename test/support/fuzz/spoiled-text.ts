import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { inProject } from '../paths.ts';

const MODELS = ['examples/smallest/cluster.yaml', 'test/models/full.yaml', 'cluster.yaml'].map((file) =>
  readFileSync(inProject(file), 'utf8'),
);

/** What somebody's finger, editor or merge leaves behind. */
const PIECES = [
  ...['\t', '  ', '\n', ' - ', ': ', '{', '}', '[', ']', '"', "'", '#', '&a ', '*a', '!!int ', '|', '>'],
  ...['<<<<<<< HEAD\n', '---\n', '...\n', '%YAML 1.1\n', '\u0000', '\ufeff', '\u2028', '\ud800', 'null', '~'],
  ...['0x1F', '1e999', '.nan', '10.17.4.21', '010.1.1.1', '__proto__: 1\n', 'constructor', '? a\n: b\n'],
];

const edit = fc.record({
  at: fc.nat(),
  length: fc.constantFrom(0, 0, 1, 2, 5, 40),
  piece: fc.oneof(fc.constantFrom('', ...PIECES), fc.string({ maxLength: 6, unit: 'binary' })),
});

/** A model with a few pieces cut out and others put in. */
const spoiledModel = fc
  .tuple(fc.constantFrom(...MODELS), fc.array(edit, { minLength: 1, maxLength: 4 }))
  .map(([model, edits]) =>
    edits.reduce((text, { at, length, piece }) => {
      const start = at % (text.length + 1);
      return text.slice(0, start) + piece + text.slice(start + length);
    }, model),
  );

/** Texts that are no model: spoiled ones, other data, and noise. */
export const spoiledText: fc.Arbitrary<string> = fc.oneof(
  { weight: 8, arbitrary: spoiledModel },
  { weight: 1, arbitrary: fc.jsonValue().map((value) => stringify(value)) },
  { weight: 1, arbitrary: fc.string({ maxLength: 200, unit: 'binary' }) },
);
