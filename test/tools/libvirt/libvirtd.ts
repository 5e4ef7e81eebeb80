import type { Result } from '../../support/cli.ts';
import { runInNamespace } from '../../support/namespace.ts';
import { inProject } from '../../support/paths.ts';

/** What a libvirtd of one's own needs; iptables is what libvirt writes firewall rules with. */
export const tools = [
  'terraform',
  'xsltproc',
  'unshare',
  'ip',
  'libvirtd',
  'virsh',
  'dnsmasq',
  'iptables',
  'nft',
] as const;

/** Runs a bash script beside a libvirtd that manages networks and nothing else, in namespaces that end with it. */
export function runBesideLibvirtd(script: string, env: Readonly<Record<string, string>>): Promise<Result> {
  return runInNamespace(`source '${inProject('test/tools/libvirt/start-libvirtd.sh')}'\n${script}`, { env });
}
