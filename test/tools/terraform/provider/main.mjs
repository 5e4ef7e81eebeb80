// A Terraform provider that is nothing but its schema: it plans and applies without touching anything. Its argument is
// a file in the shape of `terraform providers schema -json`. Terraform starts it for each command, or somebody else
// does, for many commands.
//
// It does not read what became of a resource and does not refuse what the real provider refuses only at apply. What it
// plans is what the real one and terraform-plugin-sdk v2 plan.

import { readFileSync } from 'node:fs';
import { createGrpcServer } from './grpc-server.mjs';
import { decodeMessage } from './protobuf.mjs';
import { createProviderService } from './provider-service.mjs';

const schema = JSON.parse(readFileSync(String(process.argv[2]), 'utf8'));
const service = createProviderService(schema);

const server = createGrpcServer((path) => {
  // The go-plugin library asks a plugin to end, and kills it if it does not answer.
  if (path === '/plugin.GRPCController/Shutdown') return () => Buffer.alloc(0);
  const method = service[path.replace(/^\/tfplugin[56]\.Provider\//, '')];
  return method && ((message) => method(decodeMessage(message)));
});

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port to listen on');
  // go-plugin's handshake: its own protocol's version, Terraform's plugin protocol, where it listens, how it speaks.
  process.stdout.write(`1|${schema.protocol}|tcp|127.0.0.1:${address.port}|grpc\n`);
});

// It does not outlive whoever started it: Terraform has one connection to it, anybody else its standard input.
if (process.env['TF_PLUGIN_MAGIC_COOKIE'] === undefined) {
  process.stdin.on('end', () => process.exit(0)).resume();
} else {
  const unused = setTimeout(() => process.exit(1), 60_000);
  server.on('session', (session) => {
    clearTimeout(unused);
    session.on('close', () => process.exit(0));
  });
}
