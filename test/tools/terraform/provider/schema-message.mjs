// A provider's schema, in the shape of `terraform providers schema -json`, as the messages of
// https://github.com/hashicorp/terraform/blob/main/docs/plugin-protocol/tfplugin5.proto

import { bytesField, numberField } from './protobuf.mjs';

/**
 * `force_new` and `default` are additions: Terraform does not know them, only the provider does.
 * @typedef {{ type: unknown, required?: boolean, optional?: boolean, computed?: boolean, force_new?: boolean,
 *   default?: string | boolean }} Attribute
 * @typedef {{ nesting_mode: 'list' | 'set', block: Block, max_items?: number, force_new?: boolean }} NestedBlock
 * @typedef {{ attributes: { [name: string]: Attribute }, block_types: { [name: string]: NestedBlock } }} Block
 * @typedef {{ version: number, block: Block }} Schema
 * @typedef {{ provider: Schema, resource_schemas: { [type: string]: Schema } }} ProviderSchema
 */

const NESTING = { list: 2, set: 3 };

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

/** @param {[string, Attribute]} entry */
function encodeAttribute([name, { type, required = false, optional = false, computed = false }]) {
  return Buffer.concat([
    bytesField(1, name),
    bytesField(2, JSON.stringify(type)),
    numberField(4, required),
    numberField(5, optional),
    numberField(6, computed),
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
