// How a provider made with terraform-plugin-sdk v2 or terraform-plugin-framework plans and applies, as far as its schema
// says.

import { isDeepStrictEqual } from 'node:util';
import { UNKNOWN } from './msgpack.mjs';

/**
 * @typedef {import('./msgpack.mjs').Value} Value
 * @typedef {import('./schema-message.mjs').Attribute} Attribute
 * @typedef {import('./schema-message.mjs').Attributes} Attributes
 * @typedef {import('./schema-message.mjs').Block} Block
 * @typedef {{ [name: string]: Value }} Resource
 * @typedef {(string | number)[]} Path
 */

/**
 * What is planned: what was proposed with the provider's defaults, and what it computes is unknown before creation.
 * @param {Block} block
 * @param {Resource} proposed
 * @param {{ isCreation: boolean }} options
 */
export function planResource(block, proposed, { isCreation }) {
  return mapAttributes(block, proposed, (attribute, value) => {
    if (value !== null) return value;
    if (attribute.default !== undefined) return attribute.default;
    return isCreation && attribute.computed === true ? UNKNOWN : null;
  });
}

/**
 * What stands in the state after apply: something of the right type for everything that was unknown. What an update
 * leaves alone is as it was, whatever was planned.
 * @param {import('./schema-message.mjs').Schema} schema
 * @param {Resource | null} prior
 * @param {Resource} planned
 */
export function applyResource({ block, updates }, prior, planned) {
  const applied = mapAttributes(block, planned, (attribute, value) =>
    value === UNKNOWN ? standIn(attribute) : value,
  );
  if (prior === null || updates === undefined) return applied;
  return { ...prior, ...Object.fromEntries(updates.map((name) => [name, applied[name] ?? null])) };
}

/** @param {Attribute} attribute */
function standIn({ type }) {
  if (type === 'string') return 'computed';
  return type === 'bool' ? false : 0;
}

/**
 * The changed attributes and blocks for which the resource has to be made anew. As in the SDK's schemaMap.diffList,
 * ForceNew on a block is about the number of such blocks, not about what is in them: that has its own ForceNew.
 * @param {Block} block
 * @param {Resource} prior
 * @param {Resource} planned
 * @returns {Path[]}
 */
export function replacedPaths(block, prior, planned) {
  const attributes = Object.entries(block.attributes)
    .filter(([name, { force_new }]) => force_new === true && !isDeepStrictEqual(prior[name], planned[name]))
    .map(([name]) => [name]);
  const blocks = Object.entries(block.block_types).flatMap(([name, nested]) => {
    const [before, after] = [listOf(prior[name]), listOf(planned[name])];
    if (before.length !== after.length) return nested.force_new === true ? [[name]] : [];
    if (nested.nesting_mode === 'set') return [];
    return before.flatMap((item, index) =>
      replacedPaths(nested.block, item, after[index] ?? {}).map((path) => [name, index, ...path]),
    );
  });
  return [...attributes, ...blocks];
}

/**
 * A copy with every attribute, at any depth, changed.
 * @param {Block} block
 * @param {Resource} resource
 * @param {(attribute: Attribute, value: Value) => Value} change
 * @returns {Resource}
 */
function mapAttributes(block, resource, change) {
  const copy = mapNested(block.attributes, resource, change);
  for (const [name, nested] of Object.entries(block.block_types)) {
    copy[name] = listOf(resource[name]).map((item) => mapAttributes(nested.block, item, change));
  }
  return copy;
}

/**
 * @param {Attributes} attributes
 * @param {Resource} values
 * @param {(attribute: Attribute, value: Value) => Value} change
 * @returns {Resource}
 */
function mapNested(attributes, values, change) {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, attribute]) => {
      const value = values[name] ?? null;
      const nested = attribute.nested_type?.attributes;
      if (nested === undefined || value === null || typeof value !== 'object') {
        return [name, change(attribute, value)];
      }
      if (!Array.isArray(value)) return [name, mapNested(nested, value, change)];
      return [name, listOf(value).map((item) => mapNested(nested, item, change))];
    }),
  );
}

/**
 * @param {Value | undefined} value
 * @returns {Resource[]}
 */
function listOf(value) {
  if (!Array.isArray(value)) throw new Error('expected a list of blocks');
  return /** @type {Resource[]} */ (value);
}
