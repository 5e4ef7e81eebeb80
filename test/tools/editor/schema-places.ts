import { Ajv, type ValidateFunction } from 'ajv';
import type { Path } from '../../../src/diagnostics/diagnostic.ts';
import { readSchemaText } from '../../../src/validate/schema-source.ts';

/** A schema of our own, as far as tests look into it. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly title?: string;
  readonly markdownDescription?: string;
  readonly examples?: readonly unknown[];
  readonly default?: unknown;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly enumDescriptions?: readonly string[];
  readonly pattern?: string;
  readonly format?: string;
  readonly errorMessage?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly uniqueItems?: boolean;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly propertyNames?: JsonSchema;
  readonly items?: JsonSchema;
  readonly if?: JsonSchema;
  readonly then?: JsonSchema;
  readonly else?: JsonSchema;
  readonly definitions?: Readonly<Record<string, JsonSchema>>;
}

export const schema: JsonSchema = JSON.parse(readSchemaText());

/** A place of the schema, as a JSON pointer. */
export interface Place {
  readonly pointer: string;
  /** The schema there, without what it refers to. */
  readonly schema: JsonSchema;
}

/** A place of the schema that a piece of a model stands at. */
export interface Meeting extends Place {
  readonly path: Path;
}

/** The schema at a place, with what it refers to put in: its own keywords go first, as in an editor. */
export function whole(place: JsonSchema): JsonSchema {
  const { $ref, ...own } = place;
  return $ref === undefined ? own : { ...whole(at($ref).schema), ...own };
}

/** Every property, entry, item and form that the schema has. A form is one side of a choice by type: short or long. */
export function allPlaces(): Place[] {
  const places = new Map<string, Place>();
  const visit = (from: Place): void => {
    for (const place of children(target(from))) {
      if (places.has(place.pointer)) continue;
      places.set(place.pointer, place);
      visit(place);
    }
  };
  visit(at('#'));
  return [...places.values()];
}

/** The places that a piece of a model and everything in it stand at; without a place the whole model at the root. */
export function meetings(data: unknown, place: Place = at('#'), path: Path = []): Meeting[] {
  const { pointer, schema } = target(place);
  const meet = (part: string, value: unknown, step?: string | number): Meeting[] => {
    const next = children({ pointer, schema }).find((child) => child.pointer === `${pointer}/${part}`);
    return next === undefined ? [] : meetings(value, next, step === undefined ? path : [...path, step]);
  };
  const form = meet(isOfType(data, schema.if?.type) ? 'then' : 'else', data);
  const inner = Array.isArray(data)
    ? data.flatMap((item, index) => meet('items', item, index))
    : entries(data).flatMap(([key, value]) => {
        const isProperty = Object.hasOwn(schema.properties ?? {}, key);
        return meet(isProperty ? `properties/${key}` : 'additionalProperties', value, key);
      });
  return [{ ...place, path }, ...form, ...inner];
}

/** Whether data is right for the schema at a place. Formats are left to their parsers. */
export function isValidAt(pointer: string, data: unknown): boolean {
  const validate = validators.get(pointer) ?? ajv.compile({ $ref: `cluster${pointer}` });
  validators.set(pointer, validate);
  return validate(data);
}

export function at(pointer: string): Place {
  let found: unknown = schema;
  for (const step of pointer.split('/').slice(1)) found = (found as Record<string, unknown>)[step];
  return { pointer, schema: found as JsonSchema };
}

const ajv = new Ajv({ strict: false, validateFormats: false });
ajv.addSchema({ ...schema, $id: 'cluster' });
const validators = new Map<string, ValidateFunction>();

/** The place that a place refers to, in the end. */
export function target(place: Place): Place {
  return place.schema.$ref === undefined ? place : target(at(place.schema.$ref));
}

function children({ pointer, schema }: Place): Place[] {
  const { properties = {}, additionalProperties, items } = schema;
  // Other conditions than a choice by type only restrict what stands beside them.
  const forms = schema.if?.type === undefined ? [] : (['then', 'else'] as const);
  return [
    ...forms.flatMap((form) => child(`${pointer}/${form}`, schema[form])),
    ...Object.entries(properties).flatMap(([key, value]) => child(`${pointer}/properties/${key}`, value)),
    ...child(`${pointer}/additionalProperties`, additionalProperties),
    ...child(`${pointer}/items`, items),
  ];
}

function child(pointer: string, schema: JsonSchema | boolean | undefined): Place[] {
  return typeof schema === 'object' ? [{ pointer, schema }] : [];
}

function entries(data: unknown): [string, unknown][] {
  return data !== null && typeof data === 'object' ? Object.entries(data) : [];
}

function isOfType(data: unknown, type: unknown): boolean {
  return type === (Array.isArray(data) ? 'array' : typeof data);
}
