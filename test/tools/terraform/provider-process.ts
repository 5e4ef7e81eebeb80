import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { inProject } from '../../support/paths.ts';

/** From each version of the provider to a file with its schema. */
export type ProviderSchemas = Readonly<Record<string, string>>;

export const providerSchemas = {
  '0.8.3': inProject('test/fixtures/libvirt-0.8.3.json'),
  '0.9.7': inProject('test/fixtures/libvirt-0.9.7.json'),
} as const satisfies ProviderSchemas;

/** What starts the schema-only provider. */
export function providerCommand(schema: string) {
  return [process.execPath, inProject('test/tools/terraform/provider/main.mjs'), schema] as const;
}

/** A provider that runs until it is told to stop, and what tells terraform to use it. */
export async function startProvider(schema: string) {
  const [node, ...args] = providerCommand(schema);
  const child = spawn(node, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const [handshake] = await once(child.stdout, 'data');
  const address = String(handshake).split('|')[3];
  const { protocol } = JSON.parse(readFileSync(schema, 'utf8'));
  // https://github.com/hashicorp/terraform/blob/main/internal/command/meta_providers.go: Test means that the process
  // is not terraform's to end. Without its Pid terraform takes it for dead after a second, and cancels its requests
  // (https://github.com/hashicorp/go-plugin, pidWait).
  const reattach = {
    'registry.terraform.io/dmacvicar/libvirt': {
      Protocol: 'grpc',
      ProtocolVersion: protocol,
      Pid: child.pid,
      Test: true,
      Addr: { Network: 'tcp', String: address },
    },
  };
  return {
    reattach: { TF_REATTACH_PROVIDERS: JSON.stringify(reattach) },
    stop: () => void child.stdin.end(),
  };
}
