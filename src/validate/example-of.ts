import { exampleText } from './describe-value.ts';
import { expectationOf } from './mistake.ts';
import { type Schema, schemaAt } from './schema-source.ts';

/** An example of what a schema takes, as one writes it in YAML; undefined where the schema has none. */
export function exampleOf(schema: Schema, root: Schema): string | undefined {
  const { examples, $ref, required, else: otherwise } = schema;
  if (examples?.[0] !== undefined) return exampleText(examples[0]);
  const { example } = expectationOf(schema) ?? {};
  if (example !== undefined) return example;
  if ($ref !== undefined) return exampleOf(schemaAt(root, $ref), root);
  if (required === undefined) return undefined;
  // The example has what the model needs without the condition.
  const keys = [...required, ...(otherwise?.required ?? [])].map(
    (key) => `${key}: ${exampleOf(propertyOf(schema, key), root) ?? '...'}`,
  );
  return `{ ${keys.join(', ')} }`;
}

/** The schema of what stands under a key. */
export function propertyOf({ properties, additionalProperties }: Schema, key: string): Schema {
  const others = typeof additionalProperties === 'object' ? additionalProperties : {};
  return properties?.[key] ?? others;
}
