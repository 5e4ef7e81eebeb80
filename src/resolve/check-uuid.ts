import type { Finding } from '../diagnostics/diagnostic.ts';
import type { Network } from './cluster.ts';

/** Provider 0.9.7 shows the UUID and takes none (internal/codegen/policy/field_policy.go, applyTopLevelIdentityPolicy). */
export function checkUuid({ uuid, origin, bridges }: Network): Finding[] {
  if (uuid === undefined || bridges.every(({ hypervisor }) => hypervisor.terraform.provider === '0.8.3'))
    return [];
  return [
    {
      rule: 'wrong-place',
      at: [...origin, 'uuid'],
      message: "Terraform's provider 0.9.7 takes no UUID of a network",
      help: 'leave it out; a network that libvirt has already is imported by its UUID',
    },
  ];
}
