import { readFileSync } from 'node:fs';
import { pathOf, valueAt } from './json-pointer.ts';

/** What messages need to know of a schema. */
export interface Schema {
  readonly title?: string;
  readonly examples?: readonly unknown[];
  readonly format?: string;
  readonly pattern?: string;
  /** What editors show in place of their own words: what is expected, or why nothing belongs here. */
  readonly errorMessage?: string;
  readonly $ref?: string;
  readonly items?: Schema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly else?: Schema;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly [keyword: string]: unknown;
}

/** The text of the JSON Schema, as `gen-infra schema` prints it. */
export function readSchemaText(): string {
  return readFileSync(new URL('../../schema/cluster.schema.json', import.meta.url), 'utf8');
}

/** The schema that a JSON pointer such as `#/definitions/ip` names. */
export function schemaAt(root: Schema, pointer: string): Schema {
  return valueAt(root, pathOf(pointer, root)) as Schema;
}
