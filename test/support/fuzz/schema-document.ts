import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { Document, isCollection, parse } from 'yaml';
import { type JsonSchema, meetings, schema, whole } from '../../tools/editor/schema-places.ts';
import { inProject } from '../paths.ts';

/** Names for everything, few enough that documents name what they have. */
const NAMES = [
  ...['lan', 'kube', 'lb1', 'lb2', 'master1', 'worker1', 'api', 'web'],
  ...['kvm1', 'kvm2', 'br0', 'br1', 'eth0', 'http', 'master', 'load-balancer'],
];

/** Texts that some format takes: what is right in one place is wrong in another. */
const TEXTS = [
  ...['10.17.4.21', '192.168.0.55', '10.17.4.0/24', '192.168.0.0/24', '0.0.0.0/0', '10.17.4.255'],
  ...['10.17.4.100-10.17.4.199', '52:54:00:00:04:21', '01:00:5e:00:00:01', '53/udp', '30000-32767'],
  ...['kvm1.br0', 'kvm2.br0', 'internet', 'nodes', 'kubernetes', 'vips.api', 'vault_db', '1s', ''],
];

const name = fc.constantFrom(...NAMES);
const anything = fc.oneof(
  name,
  fc.constantFrom(...TEXTS),
  fc.integer({ min: -1, max: 70_000 }),
  fc.boolean(),
);

const MODELS: readonly unknown[] = ['examples/smallest/cluster.yaml', 'test/models/full.yaml'].map((file) =>
  parse(readFileSync(inProject(file), 'utf8')),
);

/** A value of the schema's at some place of a model. */
const replaced = fc
  .constantFrom(...MODELS.flatMap((model) => meetings(model).map((place) => ({ model, place }))))
  .chain(({ model, place }) =>
    ofSchema(place.schema, place.path.length).map((value) => ({ model, place, value })),
  );

/** Documents in the shape of the schema: models in which a few places say something else, and some that are all made up. */
export const schemaDocument: fc.Arbitrary<unknown> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.array(replaced, { minLength: 1, maxLength: 3 }).map((changes) => {
      const document = new Document(changes[0]?.model);
      for (const { place, value } of changes)
        if (isCollection(document.getIn(place.path.slice(0, -1))))
          document.setIn(place.path, document.createNode(value));
      return document.toJS();
    }),
  },
  { weight: 1, arbitrary: ofSchema(schema, 0) },
);

function ofSchema(place: JsonSchema, depth: number): fc.Arbitrary<unknown> {
  const { if: condition, then: long, else: short, ...own } = whole(place);
  if (condition?.type !== undefined && long !== undefined && short !== undefined) {
    return fc.oneof(ofSchema({ ...own, ...long }, depth), ofSchema({ ...own, ...short }, depth));
  }
  return fc.oneof({ weight: 60, arbitrary: right(own, depth) }, { weight: 1, arbitrary: anything });
}

function right(own: JsonSchema, depth: number): fc.Arbitrary<unknown> {
  if (own.const !== undefined) return fc.constant(own.const);
  if (own.enum !== undefined) return fc.constantFrom(...own.enum);
  if (own.properties !== undefined || own.type === 'object') return ofMap(own, depth);
  if (own.type === 'array')
    return fc.array(ofSchema(own.items ?? {}, depth + 1), { minLength: own.minItems ?? 0, maxLength: 3 });
  if (own.type === 'integer' || own.type === 'number')
    return fc.integer({ min: Math.ceil(own.minimum ?? 0), max: own.maximum ?? 70_000 });
  if (own.type === 'boolean') return fc.boolean();
  const examples = (own.examples ?? []).filter((example) => typeof example === 'string');
  const form = new RegExp(own.pattern ?? '');
  const fitting = [...NAMES, ...TEXTS, ...examples].filter((text) => form.test(text));
  return fc.constantFrom(...(fitting.length > 0 ? fitting : examples));
}

/** A map with what it has to have and some of the rest; below a map of names each is made anew. */
function ofMap(own: JsonSchema, depth: number): fc.Arbitrary<unknown> {
  const { properties = {}, required = [], additionalProperties } = own;
  const parts = Object.entries(properties).map(([key, value]) => {
    if (required.includes(key)) return [key, ofSchema(value, depth + 1)] as const;
    const absent = fc.constant(undefined);
    return [key, depth > 3 ? absent : fc.oneof(absent, ofSchema(value, depth + 1))] as const;
  });
  const known = fc.record(Object.fromEntries(parts));
  if (typeof additionalProperties !== 'object') return known.map(withoutGaps);
  return fc.dictionary(name, ofSchema(additionalProperties, depth + 1), { minKeys: 1, maxKeys: 4 });
}

function withoutGaps(map: Readonly<Record<string, unknown>>): unknown {
  return Object.fromEntries(Object.entries(map).filter(([, value]) => value !== undefined));
}
