// gRPC over HTTP/2 without TLS, unary calls only: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md

import { createServer } from 'node:http2';

/**
 * A server that looks up what answers a path.
 * @param {(path: string) => ((message: Buffer) => Buffer) | undefined} findMethod
 */
export function createGrpcServer(findMethod) {
  const server = createServer();
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    const method = findMethod(String(headers[':path']));
    // At once, without the request: go-plugin opens streams that end only with the connection.
    if (method === undefined) return respond(stream, UNIMPLEMENTED);
    /** @type {Buffer[]} */
    const chunks = [];
    stream.on('data', (chunk) => chunks.push(Buffer.from(chunk)));
    stream.on('end', () => respond(stream, call(method, Buffer.concat(chunks))));
  });
  return server;
}

/** @typedef {{ status: number, message: string, body?: Buffer }} Answer */

/** @type {Answer} */
const UNIMPLEMENTED = { status: 12, message: 'unimplemented' };

/**
 * @param {(message: Buffer) => Buffer} method
 * @param {Buffer} request
 * @returns {Answer}
 */
function call(method, request) {
  try {
    return { status: 0, message: '', body: method(request.subarray(FRAME_HEADER)) };
  } catch (error) {
    return { status: 13, message: error instanceof Error ? String(error.stack) : String(error) };
  }
}

/** Before each message: one byte that says whether it is compressed, four with its length. */
const FRAME_HEADER = 5;

/**
 * @param {import('node:http2').ServerHttp2Stream} stream
 * @param {Answer} answer
 */
function respond(stream, { status, message, body }) {
  stream.on('wantTrailers', () =>
    stream.sendTrailers({ 'grpc-status': status, 'grpc-message': encodeURIComponent(message) }),
  );
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  if (body === undefined) {
    stream.end();
    return;
  }
  const header = Buffer.alloc(FRAME_HEADER);
  header.writeUInt32BE(body.length, 1);
  stream.end(Buffer.concat([header, body]));
}
