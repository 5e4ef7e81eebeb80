import { createHash } from 'node:crypto';
import type { Finding, Path } from '../diagnostics/diagnostic.ts';
import { AddressRange } from '../net/address-range.ts';
import { Cidr } from '../net/cidr.ts';
import { Ipv4 } from '../net/ipv4.ts';
import { Mac } from '../net/mac.ts';
import { PortRange } from '../net/port-range.ts';
import type { Model, Network as SaidNetwork } from '../validate/model.ts';
import { checkUuid } from './check-uuid.ts';
import { checkVlan } from './check-vlan.ts';
import type { Hypervisor, Network, NetworkBridge, Router } from './cluster.ts';
import { entries } from './entries.ts';
import { groupBy } from './group-by.ts';
import { isUntagged, letsOpen } from './modes.ts';
import type { Namespace } from './namespace.ts';
import type { Places } from './place-networks.ts';
import { primaryAddress } from './resolve-nics.ts';
import { type NetworkOnBridge, networksOnBridges, rootModules } from './root-modules.ts';

/** What networks are resolved with. */
interface Known {
  readonly hypervisors: readonly Hypervisor[];
  readonly places: Places;
  readonly names: Namespace;
}

/** The networks of a model on their hypervisors, in the order of names. */
export function resolveNetworks(model: Model, known: Known): { networks: Network[]; findings: Finding[] } {
  const findings: Finding[] = [];
  const networks = entries(model.networks).flatMap(([name, said]): Network[] => {
    const cidr = Cidr.of(said.cidr);
    const bridges = bridgesOf(name, said, known);
    const router = resolveRouter(said, bridges, { ...known, name });
    if ('rule' in router) {
      findings.push(router);
      return [];
    }
    return [
      {
        name,
        origin: ['networks', name],
        cidr,
        mode: said.mode,
        bridges,
        vlan: said.vlan,
        router,
        dhcp: said.dhcp === undefined ? undefined : AddressRange.of(said.dhcp),
        foreignDhcp: said.foreignDhcp === undefined ? undefined : AddressRange.of(said.foreignDhcp),
        dns: said.dns === undefined ? dnsServers(model, name, router) : said.dns.map(Ipv4.of),
        mac:
          said.mode === 'bridge'
            ? undefined
            : said.mac === undefined
              ? bridgeMac(model.name, name)
              : Mac.of(said.mac),
        domain: said.domain ?? model.domain,
        natPorts: said.mode === 'nat' ? PortRange.of(said.nat?.ports ?? '1024-65535') : undefined,
        uuid: said.uuid,
      },
    ];
  });
  findings.push(...sharedBetween(networks), ...networks.flatMap(checkVlan), ...networks.flatMap(checkUuid));
  return { networks, findings };
}

/**
 * With one hypervisor a folder of Terraform holds a network. With several it holds all of a hypervisor, so that one
 * that is down keeps no other waiting.
 */
function bridgesOf(network: string, said: SaidNetwork, { places, hypervisors }: Known): NetworkBridge[] {
  const here = places.get(network) ?? [];
  const { dir, resource = network } = said.terraform ?? {};
  return here.flatMap(({ hypervisor: name, bridge }) => {
    const hypervisor = hypervisors.find((candidate) => candidate.name === name);
    if (hypervisor === undefined) return [];
    const folder = dir ?? (hypervisors.length === 1 ? network : name);
    const isShared = dir !== undefined && here.length > 1;
    const label = isShared ? `${resource}_${name}` : resource;
    return [{ hypervisor, name: bridge, terraform: { dir: folder, resource: label } }];
  });
}

/** A router that is not said is the first address; it is the hypervisor's unless that has another address there. */
function resolveRouter(
  said: SaidNetwork,
  bridges: readonly NetworkBridge[],
  { names, name }: Known & { readonly name: string },
): Router | Finding {
  const {
    ip: text,
    owner,
    returnRoute = false,
  } = typeof said.router === 'string' ? { ip: said.router } : (said.router ?? {});
  const cidr = Cidr.of(said.cidr);
  const ip = text === undefined ? cidr.firstHost : Ipv4.of(text);
  const hypervisors = bridges.map(({ hypervisor }) => hypervisor);
  const router = (hypervisor?: Hypervisor): Router => ({ ip, hypervisor, returnRoute });
  if (owner === 'outside') return router();
  const named = hypervisors.find((hypervisor) => hypervisor.name === owner);
  if (named !== undefined) return router(named);
  const at = ['networks', name, 'router'];
  if (owner !== undefined && owner !== 'hypervisor')
    return wrongOwner(owner, [...at, 'owner'], { names, hypervisors });
  const own = bridges.flatMap((bridge) => ownAddress(bridge, said, cidr));
  const holder = own.find((address) => address.ip.equals(ip));
  if (holder !== undefined) return router(holder.hypervisor);
  if (owner === undefined && own.length > 0) return router();
  const [only, second] = hypervisors;
  return second === undefined ? router(only) : ambiguousOwner(name, ip, hypervisors);
}

/** A hypervisor's own address on the bridge of a network in bridge mode. */
function ownAddress({ hypervisor, name }: NetworkBridge, said: SaidNetwork, cidr: Cidr) {
  const ip = hypervisor.bridges.find((bridge) => bridge.name === name)?.ip;
  return isUntagged(said) && ip !== undefined && cidr.contains(ip) ? [{ hypervisor, ip }] : [];
}

function wrongOwner(
  owner: string,
  at: Path,
  { names, hypervisors }: { names: Namespace; hypervisors: readonly Hypervisor[] },
): Finding {
  return names.kindOf(owner) === 'hypervisor'
    ? {
        rule: 'wrong-value',
        at,
        message: `"${owner}" is not on this network`,
        help: `its hypervisors: ${hypervisors.map(({ name }) => name).join(', ')}`,
      }
    : names.unknown(owner, ['hypervisor'], at);
}

function ambiguousOwner(network: string, ip: Ipv4, hypervisors: readonly Hypervisor[]): Finding {
  const known = hypervisors.map(({ name }) => name);
  return {
    rule: 'missing-key',
    at: ['networks', network],
    part: 'key',
    message: `"${network}" is on ${known.join(' and ')}, and nobody says which of them is its router ${ip}`,
    help: `say \`router: { owner: ${known[0]} }\`, or \`owner: outside\``,
  };
}

/** Nodes that provide DNS and can be reached, else libvirt's own, else what the hypervisor itself asks. */
function dnsServers(model: Model, name: string, { ip, hypervisor }: Router): readonly Ipv4[] {
  const said = model.networks[name];
  const providers = entries(model.nodes)
    .filter(([, node]) => node.provides?.includes('dns'))
    .map(([, node]) => primaryAddress(node))
    .filter(({ network }) => network === name || letsOpen(said, model.networks[network]));
  if (providers.length > 0) return providers.map((provider) => provider.ip);
  return said?.mode !== 'bridge' || hypervisor === undefined ? [ip] : hypervisor.dns;
}

/** An address in QEMU's range (52:54:00) that depends on nothing but the two names. */
function bridgeMac(cluster: string, network: string): Mac {
  const digest = createHash('sha256').update(`${cluster}/${network}`).digest();
  return Mac.fromOctets([0x52, 0x54, 0x00, ...digest.subarray(0, 3)]);
}

/** Bridges that libvirt makes belong to one network each, and so do the labels in a folder of Terraform. */
function sharedBetween(networks: readonly Network[]): Finding[] {
  const made = networksOnBridges(networks.filter(({ mode }) => mode !== 'bridge'));
  const hosts = groupBy(made, ({ bridge }) => bridge.hypervisor.name);
  return [
    ...[...hosts.values()].flatMap((here) => shared(here, ({ bridge }) => bridge.name, ['bridge'])),
    ...[...rootModules(networks).values()].flatMap((together) => [
      ...shared(together, ({ bridge }) => bridge.terraform.resource, ['terraform', 'resource']),
      ...severalProviders(together),
    ]),
  ];
}

/** Terraform takes one version of a provider in a root module. */
function severalProviders(together: readonly NetworkOnBridge[]): Finding[] {
  const versionOf = ({ bridge }: NetworkOnBridge) => bridge.hypervisor.terraform.provider;
  const [first, ...others] = together;
  const other = others.find((item) => first !== undefined && versionOf(item) !== versionOf(first));
  if (first === undefined || other === undefined) return [];
  return [
    {
      rule: 'wrong-value',
      at: [...other.network.origin, 'terraform', 'dir'],
      message: `the folder "${other.bridge.terraform.dir}" would need the providers ${versionOf(first)} and ${versionOf(other)}`,
      help: 'say another `dir`, or one version of the provider for its hypervisors',
    },
  ];
}

function shared(
  items: readonly NetworkOnBridge[],
  pick: (item: NetworkOnBridge) => string,
  key: readonly string[],
): Finding[] {
  const first = new Map<string, Network>();
  return items.flatMap((item): Finding[] => {
    const { network } = item;
    const value = pick(item);
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
