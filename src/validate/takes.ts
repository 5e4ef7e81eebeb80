import { parsers } from './formats.ts';
import { type Schema, schemaAt } from './schema-source.ts';

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  integer: Number.isInteger,
  array: Array.isArray,
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
};

/** Whether a schema has nothing against a value, as far as it says so itself and without conditions. */
export function takes(schema: Schema, value: unknown, root: Schema): boolean {
  const { $ref, type, pattern = '', format = '', minimum = value, maximum = value } = schema;
  if ($ref !== undefined) return takes(schemaAt(root, $ref), value, root);
  if (typeof type === 'string' && !(TYPES[type]?.(value) ?? typeof value === type)) return false;
  if (typeof value === 'number') return value >= Number(minimum) && value <= Number(maximum);
  if (typeof value !== 'string') return true;
  return new RegExp(pattern, 'u').test(value) && parsers[format]?.(value).ok !== false;
}
