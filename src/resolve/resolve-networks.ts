import { createHash } from 'node:crypto';
import type { Finding } from '../diagnostics/diagnostic.ts';
import { AddressRange } from '../net/address-range.ts';
import { Ipv4 } from '../net/ipv4.ts';
import { Mac } from '../net/mac.ts';
import { PortRange } from '../net/port-range.ts';
import type { Model, Network as SaidNetwork } from '../validate/model.ts';
import { checkShared } from './check-shared.ts';
import { checkUuid } from './check-uuid.ts';
import { checkVlan } from './check-vlan.ts';
import type { Hypervisor, Network, NetworkBridge, Router } from './cluster.ts';
import { compareNames } from './compare-names.ts';
import { entries } from './entries.ts';
import { letsOpen } from './modes.ts';
import type { Namespace } from './namespace.ts';
import type { Places } from './place-networks.ts';
import { primaryAddress } from './resolve-nics.ts';
import { resolveRouter } from './resolve-router.ts';
import { saidRanges } from './said-ranges.ts';

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
    const [cidr, ...others] = saidRanges(said);
    const bridges = bridgesOf(name, said, known);
    const router = resolveRouter(said, bridges, { names: known.names, name });
    if ('rule' in router) {
      findings.push(router);
      return [];
    }
    const foreignDhcp = typeof said.foreignDhcp === 'string' ? { range: said.foreignDhcp } : said.foreignDhcp;
    const { reserved = [] } = foreignDhcp ?? {};
    findings.push(...unknownHolders(name, reserved, known.names));
    return [
      {
        name,
        origin: ['networks', name],
        cidr,
        subnets: [
          { cidr, router: router.ip },
          ...others.map((range) => ({ cidr: range, router: range.firstHost })),
        ],
        mode: said.mode,
        bridges,
        vlan: said.vlan,
        router,
        dhcp: said.dhcp === undefined ? undefined : AddressRange.of(said.dhcp),
        foreignDhcp: foreignDhcp === undefined ? undefined : AddressRange.of(foreignDhcp.range),
        reservedOutside: [...reserved].sort(compareNames),
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
  findings.push(...checkShared(networks), ...networks.flatMap(checkVlan), ...networks.flatMap(checkUuid));
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

/** Only what has an address can have a reservation. */
function unknownHolders(network: string, reserved: readonly string[], names: Namespace): Finding[] {
  const kinds = ['node', 'VIP', 'hypervisor'] as const;
  return reserved.flatMap((name, index) =>
    kinds.some((kind) => kind === names.kindOf(name))
      ? []
      : [names.unknown(name, kinds, ['networks', network, 'foreignDhcp', 'reserved', index])],
  );
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
