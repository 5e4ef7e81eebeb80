// The methods of a provider in Terraform's plugin protocols 5 and 6, which differ in names:
// https://github.com/hashicorp/terraform/blob/main/docs/plugin-protocol/tfplugin5.proto and tfplugin6.proto

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
 * From the name of a method to what answers it; where there are two names, protocol 5 has the first.
 * @param {ProviderSchema} schema
 * @returns {{ [method: string]: (request: Fields) => Buffer }}
 */
export function createProviderService(schema) {
  /** @param {Fields} request */
  const schemaOf = (request) => {
    const type = part(request, 1).toString();
    const resource = schema.resource_schemas[type];
    if (resource === undefined) throw new Error(`no resource type ${type}`);
    return resource;
  };
  // As every provider of SDK v2 says; without it Terraform refuses defaults that the configuration does not have.
  const legacyTypeSystem = schema.protocol === 5;
  return {
    GetSchema: () => encodeProviderSchema(schema),
    GetProviderSchema: () => encodeProviderSchema(schema),
    PrepareProviderConfig: (request) => bytesField(1, part(request, 1)),
    ValidateProviderConfig: () => EMPTY,
    Configure: () => EMPTY,
    ConfigureProvider: () => EMPTY,
    ValidateResourceTypeConfig: () => EMPTY,
    ValidateResourceConfig: () => EMPTY,
    // The state as it is: nothing exists that could have drifted.
    UpgradeResourceState: (request) => bytesField(1, bytesField(2, part(decodeMessage(part(request, 3)), 1))),
    ReadResource: (request) => bytesField(1, part(request, 2)),
    PlanResourceChange: (request) =>
      Buffer.concat([planResourceChange(schemaOf(request), request), numberField(5, legacyTypeSystem)]),
    ApplyResourceChange: (request) =>
      Buffer.concat([applyResourceChange(schemaOf(request), request), numberField(4, legacyTypeSystem)]),
    Stop: () => EMPTY,
    StopProvider: () => EMPTY,
  };
}

/**
 * @param {import('./schema-message.mjs').Schema} schema
 * @param {Fields} request
 */
function planResourceChange({ block }, request) {
  const prior = resourceOf(request, 2);
  const proposed = resourceOf(request, 3);
  const planned = proposed && planResource(block, proposed, { isCreation: prior === null });
  const replaced = prior && planned ? replacedPaths(block, prior, planned) : [];
  return Buffer.concat([
    bytesField(1, bytesField(1, encodeValue(planned))),
    ...replaced.map((path) => bytesField(2, encodePath(path))),
  ]);
}

/**
 * @param {import('./schema-message.mjs').Schema} schema
 * @param {Fields} request
 */
function applyResourceChange(schema, request) {
  const prior = resourceOf(request, 2);
  const planned = resourceOf(request, 3);
  return bytesField(1, bytesField(1, encodeValue(planned && applyResource(schema, prior, planned))));
}

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
