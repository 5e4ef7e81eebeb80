import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { inProject } from '../../support/paths.ts';

/** What starts the schema-only provider. */
export const providerCommand = [
  process.execPath,
  inProject('test/tools/terraform/provider/main.mjs'),
  inProject('test/fixtures/libvirt-0.8.3.json'),
] as const;

/** A provider that runs until it is told to stop, and what tells terraform to use it. */
export async function startProvider() {
  const [node, ...args] = providerCommand;
  const child = spawn(node, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const [handshake] = await once(child.stdout, 'data');
  const address = String(handshake).split('|')[3];
  // https://github.com/hashicorp/terraform/blob/main/internal/command/meta_providers.go: Test means that the process
  // is not terraform's to end.
  const reattach = {
    'registry.terraform.io/dmacvicar/libvirt': {
      Protocol: 'grpc',
      ProtocolVersion: 5,
      Test: true,
      Addr: { Network: 'tcp', String: address },
    },
  };
  return {
    reattach: { TF_REATTACH_PROVIDERS: JSON.stringify(reattach) },
    stop: () => void child.stdin.end(),
  };
}
