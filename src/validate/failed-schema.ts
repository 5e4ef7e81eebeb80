import type { ErrorObject } from 'ajv';
import type { Path } from '../diagnostics/diagnostic.ts';
import { type Schema, schemaAt } from './schema-source.ts';

/** A schema and its JSON pointer. */
interface Place {
  readonly pointer: string;
  readonly schema: Schema;
}

/**
 * The schema whose keyword failed. ajv tells its place from the root or from a definition, but not which (a `$ref` is a
 * function of its own in the code it makes), so the definitions that the value's path leads through decide.
 */
export function failedSchema(root: Schema, { schemaPath }: ErrorObject, path: Path): Place {
  const said = schemaPath.slice(0, schemaPath.lastIndexOf('/'));
  const found = placesAt(root, path).find(
    ({ pointer }) => pointer === said || pointer.replace(/^#\/definitions\/[^/]+/, '#') === said,
  );
  return found ?? { pointer: said, schema: {} };
}

/** The schemas that say something about the value at a path, whatever the conditions; the innermost last. */
function placesAt(root: Schema, path: Path): Place[] {
  let places = withBranches(root, { pointer: '#', schema: root });
  for (const step of path) {
    places = places.flatMap(({ pointer, schema }) => {
      const part = typeof step === 'number' ? 'items' : `properties/${step}`;
      const isNamed = typeof step === 'number' || Object.hasOwn(schema.properties ?? {}, step);
      return partOf(root, { pointer, schema }, isNamed ? part : 'additionalProperties');
    });
  }
  return places;
}

/** A schema, what it refers to, its branches, and what it asks of names. */
function withBranches(root: Schema, place: Place): Place[] {
  const { $ref } = place.schema;
  const target =
    $ref === undefined ? [] : withBranches(root, { pointer: $ref, schema: schemaAt(root, $ref) });
  const branches = ['then', 'else', 'propertyNames'].flatMap((part) => partOf(root, place, part));
  return [place, ...target, ...branches];
}

function partOf(root: Schema, { pointer, schema }: Place, part: string): Place[] {
  const [keyword = '', name] = part.split('/');
  const value = name === undefined ? schema[keyword] : schema.properties?.[name];
  if (value === null || typeof value !== 'object') return [];
  return withBranches(root, { pointer: `${pointer}/${part}`, schema: value as Schema });
}
