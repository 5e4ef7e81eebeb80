// Protocol Buffers, as far as the plugin protocol needs them: https://protobuf.dev/programming-guides/encoding/

const VARINT = 0;
const LENGTH_DELIMITED = 2;

/**
 * A field with a number, an enumeration's value or a boolean.
 * @param {number} field
 * @param {number | boolean} value
 */
export function numberField(field, value) {
  return Buffer.concat([encodeVarint(field * 8 + VARINT), encodeVarint(Number(value))]);
}

/**
 * A field with a string, bytes or another message.
 * @param {number} field
 * @param {string | Buffer} value
 */
export function bytesField(field, value) {
  const bytes = Buffer.from(value);
  return Buffer.concat([encodeVarint(field * 8 + LENGTH_DELIMITED), encodeVarint(bytes.length), bytes]);
}

/**
 * The length-delimited fields of a message by their number. Of a repeated field the last stays: requests have none
 * that matters here.
 * @param {Buffer} message
 * @returns {Map<number, Buffer>}
 */
export function decodeMessage(message) {
  const fields = new Map();
  let offset = 0;
  const readVarint = () => {
    const { value, end } = decodeVarint(message, offset);
    offset = end;
    return value;
  };
  while (offset < message.length) {
    const key = readVarint();
    const size = readVarint();
    if (key % 8 === VARINT) continue;
    if (key % 8 !== LENGTH_DELIMITED) throw new Error(`protobuf: wire type ${key % 8} is not read here`);
    fields.set(Math.floor(key / 8), message.subarray(offset, offset + size));
    offset += size;
  }
  return fields;
}

/** @param {number} value */
function encodeVarint(value) {
  const bytes = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80);
  return Buffer.from([...bytes, rest]);
}

/**
 * @param {Buffer} bytes
 * @param {number} start
 */
function decodeVarint(bytes, start) {
  let value = 0;
  let factor = 1;
  for (let offset = start; ; offset += 1, factor *= 0x80) {
    const byte = bytes.readUInt8(offset);
    value += (byte % 0x80) * factor;
    if (byte < 0x80) return { value, end: offset + 1 };
  }
}
