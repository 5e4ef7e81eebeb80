// The methods of a provider in Terraform's plugin protocol 5:
// https://github.com/hashicorp/terraform/blob/main/docs/plugin-protocol/tfplugin5.proto

import { decodeValue, encodeValue } from './msgpack.mjs';
import { bytesField, decodeMessage, numberField } from './protobuf.mjs';
import { applyResource, planResource, replacedPaths } from './resource-change.mjs';
import { encodeProviderSchema } from './schema-message.mjs';

/**
 * @typedef {import('./resource-change.mjs').Path} Path
 * @typedef {import('./resource-change.mjs').Resource} Resource
 * @typedef {import('./schema-message.mjs').ProviderSchema} ProviderSchema
 * @typedef {Map<number, Buffer>} Fields
 */

const EMPTY = Buffer.alloc(0);

/**
 * From the name of a method to what answers it.
 * @param {ProviderSchema} schema
 * @returns {{ [method: string]: (request: Fields) => Buffer }}
 */
export function createProviderService(schema) {
  /** @param {Fields} request */
  const blockOf = (request) => {
    const type = part(request, 1).toString();
    const resource = schema.resource_schemas[type];
    if (resource === undefined) throw new Error(`no resource type ${type}`);
    return resource.block;
  };
  return {
    GetSchema: () => encodeProviderSchema(schema),
    PrepareProviderConfig: (request) => bytesField(1, part(request, 1)),
    Configure: () => EMPTY,
    ValidateResourceTypeConfig: () => EMPTY,
    // The state as it is: nothing exists that could have drifted.
    UpgradeResourceState: (request) => bytesField(1, bytesField(2, part(decodeMessage(part(request, 3)), 1))),
    ReadResource: (request) => bytesField(1, part(request, 2)),
    PlanResourceChange: (request) => planResourceChange(blockOf(request), request),
    ApplyResourceChange: (request) => applyResourceChange(blockOf(request), request),
    Stop: () => EMPTY,
  };
}

/**
 * @param {import('./schema-message.mjs').Block} block
 * @param {Fields} request
 */
function planResourceChange(block, request) {
  const prior = resourceOf(request, 2);
  const proposed = resourceOf(request, 3);
  const planned = proposed && planResource(block, proposed, { isCreation: prior === null });
  const replaced = prior && planned ? replacedPaths(block, prior, planned) : [];
  return Buffer.concat([
    bytesField(1, bytesField(1, encodeValue(planned))),
    ...replaced.map((path) => bytesField(2, encodePath(path))),
    numberField(5, LEGACY_TYPE_SYSTEM),
  ]);
}

/**
 * @param {import('./schema-message.mjs').Block} block
 * @param {Fields} request
 */
function applyResourceChange(block, request) {
  const planned = resourceOf(request, 3);
  return Buffer.concat([
    bytesField(1, bytesField(1, encodeValue(planned && applyResource(block, planned)))),
    numberField(4, LEGACY_TYPE_SYSTEM),
  ]);
}

/** As every provider of SDK v2 says; without it Terraform refuses defaults that the configuration does not have. */
const LEGACY_TYPE_SYSTEM = true;

/** @param {Path} path */
function encodePath(path) {
  return Buffer.concat(
    path.map((step) => bytesField(1, typeof step === 'string' ? bytesField(1, step) : numberField(3, step))),
  );
}

/**
 * A resource in a request; null where it does not exist.
 * @param {Fields} request
 * @param {number} field
 * @returns {Resource | null}
 */
function resourceOf(request, field) {
  const value = decodeValue(part(decodeMessage(part(request, field)), 1));
  if (value === null) return null;
  if (typeof value !== 'object' || Array.isArray(value)) throw new Error(`field ${field} is not a resource`);
  return value;
}

/**
 * @param {Fields} message
 * @param {number} field
 */
function part(message, field) {
  const content = message.get(field);
  if (content === undefined) throw new Error(`the message has no field ${field}`);
  return content;
}
