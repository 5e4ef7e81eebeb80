// MessagePack, in which Terraform sends values: https://github.com/msgpack/msgpack/blob/master/spec.md

/** A value that is known only after apply. Terraform writes it as an extension type. */
export const UNKNOWN = Symbol('known after apply');

/** @typedef {null | boolean | number | string | typeof UNKNOWN | Value[] | { [name: string]: Value }} Value */

const UNKNOWN_BYTES = Buffer.from([0xd4, 0x00, 0x00]);

/**
 * Every kind in its longest form: readers take any.
 * @param {Value} value
 * @returns {Buffer}
 */
export function encodeValue(value) {
  if (value === UNKNOWN) return UNKNOWN_BYTES;
  if (value === null) return Buffer.from([0xc0]);
  if (typeof value === 'boolean') return Buffer.from([value ? 0xc3 : 0xc2]);
  if (typeof value === 'number') return encodeNumber(value);
  if (typeof value === 'string') return withLength(0xdb, Buffer.byteLength(value), [Buffer.from(value)]);
  if (Array.isArray(value)) return withLength(0xdd, value.length, value.map(encodeValue));
  const entries = Object.entries(value);
  return withLength(0xdf, entries.length, entries.flat().map(encodeValue));
}

/** @param {number} value */
function encodeNumber(value) {
  const bytes = Buffer.alloc(9);
  if (Number.isSafeInteger(value)) {
    bytes.writeUInt8(0xd3);
    bytes.writeBigInt64BE(BigInt(value), 1);
  } else {
    bytes.writeUInt8(0xcb);
    bytes.writeDoubleBE(value, 1);
  }
  return bytes;
}

/**
 * @param {number} head
 * @param {number} length
 * @param {Buffer[]} parts
 */
function withLength(head, length, parts) {
  const start = Buffer.alloc(5);
  start.writeUInt8(head);
  start.writeUInt32BE(length, 1);
  return Buffer.concat([start, ...parts]);
}

/**
 * @param {Buffer} bytes
 * @returns {Value}
 */
export function decodeValue(bytes) {
  return readValue(createReader(bytes));
}

/** @typedef {ReturnType<typeof createReader>} Reader */

/** @param {Buffer} bytes */
function createReader(bytes) {
  let offset = 0;
  /** @param {number} length */
  const take = (length) => bytes.subarray(offset, (offset += length));
  return {
    /** @param {number} length */
    skip: (length) => void take(length),
    /** @param {number} length */
    text: (length) => take(length).toString('utf8'),
    /** @param {number} width */
    unsigned: (width) => (width === 8 ? Number(take(8).readBigUInt64BE()) : take(width).readUIntBE(0, width)),
    /** @param {number} width */
    signed: (width) => (width === 8 ? Number(take(8).readBigInt64BE()) : take(width).readIntBE(0, width)),
    float: () => take(4).readFloatBE(),
    double: () => take(8).readDoubleBE(),
  };
}

/** @type {{ readonly [head: number]: (reader: Reader) => Value }} */
const LONG_FORMS = {
  0xc0: () => null,
  0xc2: () => false,
  0xc3: () => true,
  // Bytes: of a value whose type the schema leaves open Terraform writes the type, too, and takes a text for it.
  0xc4: (reader) => reader.text(reader.unsigned(1)),
  0xc5: (reader) => reader.text(reader.unsigned(2)),
  0xc7: (reader) => readUnknown(reader, reader.unsigned(1)),
  0xc8: (reader) => readUnknown(reader, reader.unsigned(2)),
  0xca: (reader) => reader.float(),
  0xcb: (reader) => reader.double(),
  0xcc: (reader) => reader.unsigned(1),
  0xcd: (reader) => reader.unsigned(2),
  0xce: (reader) => reader.unsigned(4),
  0xcf: (reader) => reader.unsigned(8),
  0xd0: (reader) => reader.signed(1),
  0xd1: (reader) => reader.signed(2),
  0xd2: (reader) => reader.signed(4),
  0xd3: (reader) => reader.signed(8),
  0xd4: (reader) => readUnknown(reader, 1),
  0xd9: (reader) => reader.text(reader.unsigned(1)),
  0xda: (reader) => reader.text(reader.unsigned(2)),
  0xdb: (reader) => reader.text(reader.unsigned(4)),
  0xdc: (reader) => readList(reader, reader.unsigned(2)),
  0xdd: (reader) => readList(reader, reader.unsigned(4)),
  0xde: (reader) => readMap(reader, reader.unsigned(2)),
  0xdf: (reader) => readMap(reader, reader.unsigned(4)),
};

/**
 * @param {Reader} reader
 * @returns {Value}
 */
function readValue(reader) {
  const head = reader.unsigned(1);
  if (head < 0x80) return head;
  if (head < 0x90) return readMap(reader, head - 0x80);
  if (head < 0xa0) return readList(reader, head - 0x90);
  if (head < 0xc0) return reader.text(head - 0xa0);
  if (head >= 0xe0) return head - 0x100;
  const read = LONG_FORMS[head];
  if (read === undefined) throw new Error(`MessagePack: 0x${head.toString(16)} is not read here`);
  return read(reader);
}

/**
 * @param {Reader} reader
 * @param {number} length
 * @returns {Value[]}
 */
function readList(reader, length) {
  return Array.from({ length }, () => readValue(reader));
}

/**
 * @param {Reader} reader
 * @param {number} length
 * @returns {{ [name: string]: Value }}
 */
function readMap(reader, length) {
  return Object.fromEntries(Array.from({ length }, () => [String(readValue(reader)), readValue(reader)]));
}

/**
 * Type 0 is an unknown value, type 12 one of which something is known, such as that it is not null
 * (go-cty, cty/msgpack/unknown.go).
 * @param {Reader} reader
 * @param {number} length
 * @returns {Value}
 */
function readUnknown(reader, length) {
  reader.skip(1 + length);
  return UNKNOWN;
}
