import type { Finding, Path } from '../diagnostics/diagnostic.ts';
import { Ipv4 } from '../net/ipv4.ts';
import type { Model, Vip as SaidVip } from '../validate/model.ts';
import { longBackends, longFrontends } from './backends.ts';
import type { Frontend, Node, Role, Vip } from './cluster.ts';
import { entries } from './entries.ts';
import type { Namespace } from './namespace.ts';
import { resolveMembers } from './resolve-members.ts';
import { subnetOf } from './subnets.ts';
import { vipVariable } from './vip-members.ts';

/** The port of the API server in every distribution here. */
export const API_PORT = 6443;

interface Known {
  readonly nodes: readonly Node[];
  readonly roles: readonly Role[];
  readonly names: Namespace;
}

/** The virtual IPs of a model, in the order of names. */
export function resolveVips(model: Model, known: Known): { vips: Vip[]; findings: Finding[] } {
  const findings: Finding[] = [];
  const vips = entries(model.vips).flatMap(([name, said]): Vip[] => {
    const origin = ['vips', name];
    const ip = Ipv4.of(said.ip);
    const vrid = said.vrid ?? ip.value & 255;
    if (vrid === 0) findings.push(withoutVrid(ip, origin));
    const { members, ...memberFindings } = resolveMembers(said.members, { ...known, ip, origin });
    const { frontends, ...frontendFindings } = resolveFrontends(name, said, { ...known, origin });
    findings.push(...memberFindings.findings, ...frontendFindings.findings);
    const networks = members.map(({ nic }) => nic.network);
    const network = networks.find((candidate) => subnetOf(candidate, ip) !== undefined) ?? networks[0];
    if (network === undefined) return [];
    return [{ name, origin, ip, network, vrid, members, frontends }];
  });
  findings.push(...sharedVariables(vips));
  return { vips, findings };
}

function resolveFrontends(
  vip: string,
  said: SaidVip,
  { origin, roles, names }: Known & { readonly origin: Path },
): { frontends: Frontend[]; findings: Finding[] } {
  const findings: Finding[] = [];
  const frontends = entries(longFrontends(vip, said)).flatMap(([name, frontend]): Frontend[] => {
    const at = said.frontends === undefined ? origin : [...origin, 'frontends', name];
    const { role: roleName, port: backendPort = frontend.port } = longBackends(frontend.backends);
    const role = roles.find((candidate) => candidate.name === roleName);
    if (role === undefined) {
      const isShort = typeof frontend.backends === 'string';
      findings.push(names.unknown(roleName, ['role'], [...at, 'backends', ...(isShort ? [] : ['role'])]));
      return [];
    }
    const check = role.name === 'master' && backendPort === API_PORT ? 'readyz' : 'tcp';
    return [{ name, origin: at, port: frontend.port, backends: role, backendPort, check }];
  });
  return { frontends, findings };
}

/** A VIP's address stands in a variable, and those have no hyphens. */
function sharedVariables(vips: readonly Vip[]): Finding[] {
  return vips.flatMap((vip, index): Finding[] => {
    const other = vips.slice(0, index).find((before) => vipVariable(before) === vipVariable(vip));
    if (other === undefined) return [];
    return [
      {
        rule: 'duplicate-name',
        at: vip.origin,
        part: 'key',
        message: `the address of "${vip.name}" becomes the variable "${vipVariable(vip)}", as that of "${other.name}" does`,
        related: [{ at: other.origin, message: 'that one is here' }],
        help: 'give it another name',
      },
    ];
  });
}

function withoutVrid(ip: Ipv4, origin: Path): Finding {
  return {
    rule: 'missing-key',
    at: [...origin, 'ip'],
    message: `the last octet of ${ip} is 0, which is no VRID`,
    help: 'say `vrid`, from 1 to 255',
  };
}
