import type { Finding } from '../diagnostics/diagnostic.ts';
import type { Artifact } from '../render/render-artifacts.ts';
import type { Cluster } from '../resolve/cluster.ts';
import { networksOnBridges } from '../resolve/root-modules.ts';

/** The files that Terraform makes libvirt's networks from. */
export function isRootModule(path: string): boolean {
  return /^terraform\/[^/]+\/main\.tf$/.test(path);
}

/**
 * What a build changes of networks that libvirt may have already, and Terraform cannot bring there in place: with
 * provider 0.8.3 nearly all is ForceNew (libvirt/resource_libvirt_network.go), and the stylesheet only matters when the
 * network is made; 0.9.7 updates nothing but `autostart` (internal/provider/network_resource.go).
 * @param before the texts of root modules that the build changes or removes.
 */
export function networkChanges(
  cluster: Cluster,
  before: ReadonlyMap<string, string>,
  artifacts: readonly Artifact[],
): Finding[] {
  const owners = new Map(
    networksOnBridges(cluster.networks).map(({ network, bridge: { terraform } }) => [
      `terraform/${terraform.dir}/main.tf ${terraform.resource}`,
      network,
    ]),
  );
  return [...before].flatMap(([path, old]) => {
    const file = artifacts.find((artifact) => artifact.path === path);
    const now = factsOf(file?.content ?? '');
    return [...factsOf(old)].flatMap(([label, facts]) => {
      const network = owners.get(`${path} ${label}`);
      if (network === undefined) return [removed(label, path, file !== undefined)];
      const change = changeOf(facts, now.get(label) ?? []);
      if (change === undefined) return [];
      return [changed(`"${network.name}" in ${path} ${change}`, network.name)];
    });
  });
}

/** What each resource says of a network, in order; without its reservations, which a playbook adds. */
function factsOf(text: string): Map<string, string[]> {
  const resources = text.matchAll(/^resource "libvirt_network" "([^"]+)" \{\n(.*?)^\}$/gms);
  return new Map([...resources].map(([, label = '', body = '']) => [label, linesOf(body)]));
}

function linesOf(body: string): string[] {
  const [said = ''] = body.split('\n  lifecycle {');
  let block = '';
  return said.split('\n').flatMap((line) => {
    block = /^ {2}(\w+) \{$/.exec(line)?.[1] ?? (line === '  }' ? '' : block);
    const fact = line.trim().replaceAll(/ +/g, ' ').replace(/,$/, '');
    if (!/[=<]/.test(fact) || /^(#|autostart\b|hosts = \[|<host |\{ mac = )/.test(fact)) return [];
    return [block === 'dhcp' || block === 'dns' ? `${block} ${fact}` : fact];
  });
}

/** What is no longer said and what is said anew, in words; nothing where all is as it was. */
function changeOf(old: readonly string[], now: readonly string[]): string | undefined {
  const list = (facts: readonly string[]) => facts.slice(0, 3).join(', ');
  const lost = list(old.filter((fact) => !now.includes(fact)));
  const gained = list(now.filter((fact) => !old.includes(fact)));
  if (lost === '' && gained === '') return undefined;
  if (lost === '') return `gets ${gained}`;
  return gained === '' ? `loses ${lost}` : `changes from ${lost} to ${gained}`;
}

function changed(what: string, network: string): Finding {
  return {
    rule: 'network-made-anew',
    severity: 'warning',
    at: ['networks', network],
    part: 'key',
    message: `${what}: Terraform does not bring that to a network that exists`,
    help: 'if libvirt has it already, shut its guests off, `virsh net-destroy` and `virsh net-undefine` it, `terraform state rm` it, and apply',
  };
}

function removed(label: string, path: string, isFileLeft: boolean): Finding {
  return {
    rule: 'network-removed',
    severity: 'warning',
    at: ['networks'],
    part: 'key',
    message: isFileLeft
      ? `the network "${label}" is no longer in ${path}: the next \`terraform apply\` there destroys it under its guests`
      : `the network "${label}" is no longer in ${path}, which goes with it: libvirt keeps the network`,
    help: 'shut its guests off and destroy it on purpose; one that is only called otherwise, or stands in another file now, keeps its place by `terraform: { dir, resource }`',
  };
}
