import { createHash } from 'node:crypto';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { AddressRange } from '../net/address-range.ts';
import { Cidr } from '../net/cidr.ts';
import { Ipv4 } from '../net/ipv4.ts';
import { Mac } from '../net/mac.ts';
import type { Model, Network as SaidNetwork } from '../validate/model.ts';
import type { Hypervisor, Network, Router } from './cluster.ts';
import { entries } from './entries.ts';
import { rootModules } from './root-modules.ts';

/** The networks of a model on its hypervisor, in the order of names. */
export function resolveNetworks(
  model: Model,
  hypervisor: Hypervisor,
): { networks: Network[]; findings: Finding[] } {
  const findings: Finding[] = [];
  const networks = entries(model.networks).map(([name, said]): Network => {
    const cidr = Cidr.of(said.cidr);
    const router = resolveRouter(said, cidr, hypervisor);
    findings.push(...wrongBridge(name, said, hypervisor));
    return {
      name,
      origin: ['networks', name],
      cidr,
      mode: said.mode,
      hypervisor,
      bridge: said.bridge,
      router,
      dhcp: said.dhcp === undefined ? undefined : AddressRange.of(said.dhcp),
      foreignDhcp: said.foreignDhcp === undefined ? undefined : AddressRange.of(said.foreignDhcp),
      dns: said.dns === undefined ? dnsServers(model, { said, router, hypervisor }) : said.dns.map(Ipv4.of),
      mac:
        said.mode === 'bridge'
          ? undefined
          : said.mac === undefined
            ? bridgeMac(model.name, name)
            : Mac.of(said.mac),
      terraform: { dir: said.terraform?.dir ?? name, resource: said.terraform?.resource ?? name },
    };
  });
  findings.push(...sharedBetween(networks));
  return { networks, findings };
}

/** A router that is not said is the first address; it is the hypervisor's unless that has another address there. */
function resolveRouter(said: SaidNetwork, cidr: Cidr, hypervisor: Hypervisor): Router {
  const {
    ip: text,
    owner,
    returnRoute = false,
  } = typeof said.router === 'string' ? { ip: said.router } : (said.router ?? {});
  const ip = text === undefined ? cidr.firstHost : Ipv4.of(text);
  const own = hypervisor.bridges.find((bridge) => bridge.name === said.bridge)?.ip;
  const isElsewhere = said.mode === 'bridge' && own !== undefined && cidr.contains(own) && !own.equals(ip);
  return { ip, owner: owner ?? (isElsewhere ? 'outside' : 'hypervisor'), returnRoute };
}

/** Nodes that provide DNS, else libvirt's own, else what the hypervisor itself asks. */
function dnsServers(
  model: Model,
  network: { said: SaidNetwork; router: Router; hypervisor: Hypervisor },
): readonly Ipv4[] {
  const providers = entries(model.nodes).filter(([, node]) => node.provides?.includes('dns'));
  if (providers.length > 0) return providers.map(([, node]) => Ipv4.of(node.ip));
  const { said, router, hypervisor } = network;
  return said.mode === 'open' || router.owner === 'outside' ? [router.ip] : hypervisor.dns;
}

/** An address in QEMU's range (52:54:00) that depends on nothing but the two names. */
function bridgeMac(cluster: string, network: string): Mac {
  const digest = createHash('sha256').update(`${cluster}/${network}`).digest();
  return Mac.fromOctets([0x52, 0x54, 0x00, ...digest.subarray(0, 3)]);
}

/** In bridge mode the bridge is one of the host's; in open mode libvirt makes it and it may not exist yet. */
function wrongBridge(name: string, said: SaidNetwork, hypervisor: Hypervisor): Finding[] {
  const bridge = hypervisor.bridges.find((candidate) => candidate.name === said.bridge);
  if ((bridge !== undefined) === (said.mode === 'bridge')) return [];
  const at = ['networks', name, 'bridge'];
  const known = hypervisor.bridges.map((candidate) => candidate.name).join(', ');
  if (bridge === undefined) {
    const message = `"${hypervisor.name}" has no bridge "${said.bridge}", and in bridge mode libvirt makes none`;
    return [{ rule: 'unknown-name', at, message, help: `its bridges: ${known}` }];
  }
  return [
    {
      rule: 'duplicate-name',
      at,
      message: `libvirt makes the bridge of a network in ${said.mode} mode itself, but "${said.bridge}" is a bridge of the host`,
      related: [{ at: bridge.origin, message: 'the host makes it here' }],
      help: `name another one, such as ${`virbr_${name.replaceAll('-', '_')}`.slice(0, 15)}`,
    },
  ];
}

/** Bridges that libvirt makes belong to one network each, and so do the labels in a folder of Terraform. */
function sharedBetween(networks: readonly Network[]): Finding[] {
  const made = networks.filter((network) => network.mode !== 'bridge');
  return [
    ...shared(made, (network) => network.bridge, ['bridge']),
    ...[...rootModules(networks).values()].flatMap((together) =>
      shared(together, (network) => network.terraform.resource, ['terraform', 'resource']),
    ),
  ];
}

function shared(
  networks: readonly Network[],
  pick: (network: Network) => string,
  key: readonly string[],
): Finding[] {
  const first = new Map<string, Network>();
  return networks.flatMap((network): Finding[] => {
    const value = pick(network);
    const other = first.get(value);
    if (other === undefined) {
      first.set(value, network);
      return [];
    }
    return [
      {
        rule: 'duplicate-name',
        at: [...network.origin, ...key],
        message: `the networks "${other.name}" and "${network.name}" have the same ${key.join('.')} "${value}"`,
        related: [{ at: [...other.origin, ...key], message: 'first here' }],
        help: 'each network needs one of its own',
      },
    ];
  });
}
