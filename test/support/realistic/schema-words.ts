import { schema } from '../../tools/editor/schema-places.ts';

/** The words that the schema knows at a place: what comes later is used by itself. */
export function words<T extends string>(definition: string, key: string): T[] {
  return (schema.definitions?.[definition]?.properties?.[key]?.enum ?? []) as T[];
}
