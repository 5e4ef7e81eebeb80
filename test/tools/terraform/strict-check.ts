import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { succeed, type Terraform } from '../../support/terraform.ts';
import { providerSchemas } from './provider-process.ts';

const VERSION = '0.9.7';

/** What is read here of a provider's schema. */
interface Schema {
  readonly resource_schemas: Readonly<
    Record<string, { readonly block: { readonly attributes: Attributes } }>
  >;
}

type Attributes = Record<string, Attribute>;

interface Attribute {
  readonly type?: string;
  readonly nested_type?: { readonly nesting_mode: 'single' | 'list'; readonly attributes: Attributes };
  readonly required?: boolean;
  readonly optional?: boolean;
}

function readSchema(): Schema {
  const schema: Schema = JSON.parse(readFileSync(providerSchemas[VERSION], 'utf8'));
  return schema;
}

/**
 * The schema with everything nested left open. Terraform drops a key inside a nested attribute that the schema does not
 * have, without a word and before the provider sees it; here it keeps whatever is written, references resolved.
 * @returns what to give to useTerraform
 */
export function openSchemas(folder: string): Readonly<Record<string, string>> {
  const schema = readSchema();
  for (const { block } of Object.values(schema.resource_schemas)) {
    for (const [name, { nested_type, ...attribute }] of Object.entries(block.attributes)) {
      if (nested_type !== undefined) block.attributes[name] = { ...attribute, type: 'dynamic' };
    }
  }
  const file = join(folder, `libvirt-${VERSION}-open.json`);
  writeFileSync(file, JSON.stringify(schema));
  return { [VERSION]: file };
}

/** What the networks in a folder say that provider 0.9.7 does not know or takes as something else, at any depth. */
export async function strictCheck(terraform: Terraform, folder: string): Promise<string[]> {
  const copy = terraform.newFolder(folder);
  await succeed(terraform.run(copy, 'init'));
  const { planned_values } = await terraform.plan(copy);
  const { resource_schemas } = readSchema();
  return (planned_values.root_module.resources ?? []).flatMap(({ type, address, values }) => {
    const schema = resource_schemas[type];
    return schema === undefined ? [] : mistakesIn(schema.block.attributes, values, address);
  });
}

function mistakesIn(attributes: Attributes, values: unknown, path: string): string[] {
  if (!isObject(values)) return [`${path} is no object`];
  const said = Object.keys(values).filter((name) => values[name] !== null);
  const missing = Object.keys(attributes).filter(
    (name) => attributes[name]?.required && !said.includes(name),
  );
  return [
    ...missing.map((name) => `${path}.${name} is missing`),
    ...said.flatMap((name) => {
      const attribute = attributes[name];
      const at = `${path}.${name}`;
      if (attribute === undefined) return [`${at} is unknown`];
      if (!attribute.required && !attribute.optional) return [`${at} is read-only`];
      const nested = attribute.nested_type;
      const value = values[name];
      if (nested === undefined) {
        const isRight = typeof value === (attribute.type === 'bool' ? 'boolean' : attribute.type);
        return isRight ? [] : [`${at} is no ${attribute.type}`];
      }
      if (nested.nesting_mode === 'single') return mistakesIn(nested.attributes, value, at);
      if (!Array.isArray(value)) return [`${at} is no list`];
      return value.flatMap((item, index) => mistakesIn(nested.attributes, item, `${at}[${index}]`));
    }),
  ];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
