// A provider's schema, in the shape of `terraform providers schema -json`, as the messages of
// https://github.com/hashicorp/terraform/blob/main/docs/plugin-protocol/tfplugin6.proto, of which tfplugin5.proto has
// all but nested types.

import { bytesField, numberField } from './protobuf.mjs';

/**
 * `force_new`, `default` and `updates` are additions: Terraform does not know them, only the provider does. `updates` has
 * the attributes that an update changes, if that is not all.
 * @typedef {{ type?: unknown, nested_type?: NestedType, required?: boolean, optional?: boolean, computed?: boolean,
 *   force_new?: boolean, default?: string | boolean }} Attribute
 * @typedef {{ nesting_mode: 'single' | 'list', attributes: Attributes }} NestedType
 * @typedef {{ [name: string]: Attribute }} Attributes
 * @typedef {{ nesting_mode: 'list' | 'set', block: Block, max_items?: number, force_new?: boolean }} NestedBlock
 * @typedef {{ attributes: Attributes, block_types: { [name: string]: NestedBlock } }} Block
 * @typedef {{ version: number, block: Block, updates?: string[] }} Schema
 * @typedef {{ protocol: 5 | 6, provider: Schema, resource_schemas: { [type: string]: Schema } }} ProviderSchema
 */

const NESTING = { single: 1, list: 2, set: 3 };

/**
 * The answer to GetSchema.
 * @param {ProviderSchema} schema
 */
export function encodeProviderSchema({ provider, resource_schemas }) {
  const resources = Object.entries(resource_schemas).map(([type, resource]) =>
    bytesField(2, Buffer.concat([bytesField(1, type), bytesField(2, encodeSchema(resource))])),
  );
  return Buffer.concat([bytesField(1, encodeSchema(provider)), ...resources]);
}

/** @param {Schema} schema */
function encodeSchema({ version, block }) {
  return Buffer.concat([numberField(1, version), bytesField(2, encodeBlock(block))]);
}

/**
 * @param {Block} block
 * @returns {Buffer}
 */
function encodeBlock({ attributes, block_types }) {
  return Buffer.concat([
    ...Object.entries(attributes).map((entry) => bytesField(2, encodeAttribute(entry))),
    ...Object.entries(block_types).map((entry) => bytesField(3, encodeNestedBlock(entry))),
  ]);
}

/**
 * @param {[string, Attribute]} entry
 * @returns {Buffer}
 */
function encodeAttribute([
  name,
  { type, nested_type, required = false, optional = false, computed = false },
]) {
  return Buffer.concat([
    bytesField(1, name),
    nested_type ? bytesField(10, encodeNestedType(nested_type)) : bytesField(2, JSON.stringify(type)),
    numberField(4, required),
    numberField(5, optional),
    numberField(6, computed),
  ]);
}

/** @param {NestedType} type */
function encodeNestedType({ nesting_mode, attributes }) {
  return Buffer.concat([
    ...Object.entries(attributes).map((entry) => bytesField(1, encodeAttribute(entry))),
    numberField(3, NESTING[nesting_mode]),
  ]);
}

/** @param {[string, NestedBlock]} entry */
function encodeNestedBlock([name, { nesting_mode, block, max_items = 0 }]) {
  return Buffer.concat([
    bytesField(1, name),
    bytesField(2, encodeBlock(block)),
    numberField(3, NESTING[nesting_mode]),
    numberField(5, max_items),
  ]);
}
