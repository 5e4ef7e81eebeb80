import type { Finding } from '../diagnostics/diagnostic.ts';
import { Ipv4 } from '../net/ipv4.ts';
import type { Model } from '../validate/model.ts';
import type { Bridge, BridgeRef, Hypervisor } from './cluster.ts';
import { entries } from './entries.ts';
import { isUntagged } from './modes.ts';
import type { Places } from './place-networks.ts';
import { saidRanges } from './said-ranges.ts';

/** The hypervisors with their bridges, in the order of names. */
export function resolveHypervisors(
  model: Model,
  places: Places,
): { hypervisors: Hypervisor[]; findings: Finding[] } {
  const findings: Finding[] = [];
  const hypervisors = entries(model.hypervisors).flatMap(([name, said]): Hypervisor[] => {
    const origin = ['hypervisors', name];
    const bridges = entries(said.bridges).map(([bridge, { kind = 'linux', uplink, ip }]): Bridge => ({
      name: bridge,
      origin: [...origin, 'bridges', bridge],
      kind,
      uplink,
      ip: ip === undefined ? undefined : Ipv4.of(ip),
    }));
    for (const bridge of bridges) findings.push(...withoutNetwork(name, bridge, { model, places }));
    const ip = said.ip === undefined ? bridges.find((bridge) => bridge.ip)?.ip : Ipv4.of(said.ip);
    if (ip === undefined) {
      findings.push(withoutAddress(name, bridges));
      return [];
    }
    const { os = 'rocky9', user, openvswitch = 'openvswitch3.3' } = said;
    const isController = (model.controller ?? name) === name;
    const local = isController
      ? 'qemu:///system'
      : `qemu+ssh://${user === undefined ? '' : `${user}@`}${ip}/system`;
    const { provider = '0.8.3', uri = local } = said.terraform ?? {};
    const dns =
      said.dns === undefined ? routersBeside(name, bridges, { model, places }) : said.dns.map(Ipv4.of);
    return [{ name, origin, os, ip, user, dns, openvswitch, bridges, terraform: { provider, uri } }];
  });
  return { hypervisors, findings };
}

/**
 * A bridge's address has the prefix length of a network on that bridge; there has to be one. A network on a bridge
 * that nobody has could be the one: that mistake is found with the network.
 */
function withoutNetwork(hypervisor: string, bridge: Bridge, { model, places }: Placed): Finding[] {
  const { ip } = bridge;
  const here = entries(model.networks).filter(([name]) =>
    canCarry(places.get(name), { hypervisor, bridge: bridge.name }),
  );
  const around = here.flatMap(([, network]) => (isUntagged(network) ? [network] : []));
  if (ip === undefined || around.some((network) => saidRanges(network).some((cidr) => cidr.contains(ip))))
    return [];
  const known = around.flatMap(saidRanges).join(', ') || 'none';
  return [
    {
      rule: 'address-outside-network',
      at: [...bridge.origin, 'ip'],
      message: `${ip} lies in no network on the bridge "${bridge.name}", so its prefix length is unknown`,
      related: [
        ...here.slice(0, 3).map(([name, { vlan }]) =>
          vlan === undefined
            ? { at: ['networks', name, 'cidr'], message: 'a network on it' }
            : {
                at: ['networks', name, 'vlan'],
                message: 'a network in a VLAN, where the bridge has no address',
              },
        ),
        // What nobody joins is where nobody looks: it is missing there.
        ...(here.length > 0 ? [] : Object.keys(model.segments ?? {}))
          .slice(0, 3)
          .map((name) => ({ at: ['segments', name], message: 'a segment that it is not in' })),
      ],
      help: `networks on "${bridge.name}": ${known}`,
    },
  ];
}

function withoutAddress(name: string, bridges: readonly Bridge[]): Finding {
  return {
    rule: 'missing-key',
    at: ['hypervisors', name],
    part: 'key',
    message: `the hypervisor "${name}" has no address that Ansible could reach it at`,
    related: bridges.slice(0, 3).map(({ origin: at }) => ({ at, message: 'a bridge without one' })),
    help: 'say `ip` on the hypervisor or on one of its bridges',
  };
}

/** What a machine on these bridges finds without the cluster: routers outside of the networks that it has an address in. */
function routersBeside(hypervisor: string, bridges: readonly Bridge[], { model, places }: Placed): Ipv4[] {
  return entries(model.networks).flatMap(([name, network]) => {
    if (!isUntagged(network)) return [];
    const [cidr] = saidRanges(network);
    const here = bridges.find(
      ({ name: bridge, ip }) => ip && cidr.contains(ip) && isAt(places.get(name), { hypervisor, bridge }),
    );
    const said = typeof network.router === 'string' ? network.router : network.router?.ip;
    const router = said === undefined ? cidr.firstHost : Ipv4.of(said);
    const isOurs = places.get(name)?.some((place) => hasAddress(model, place, router)) ?? false;
    return here === undefined || isOurs ? [] : [router];
  });
}

function hasAddress({ hypervisors }: Model, { hypervisor, bridge }: BridgeRef, address: Ipv4): boolean {
  const ip = hypervisors[hypervisor]?.bridges[bridge]?.ip;
  return ip !== undefined && Ipv4.of(ip).equals(address);
}

/** A model and where its networks are. */
interface Placed {
  readonly model: Model;
  readonly places: Places;
}

function isAt(places: readonly BridgeRef[] | undefined, { hypervisor, bridge }: BridgeRef): boolean {
  return places?.some((place) => place.hypervisor === hypervisor && place.bridge === bridge) ?? false;
}

/** Whether a network is on the bridge, or could be: nobody knows where it is. */
function canCarry(places: readonly BridgeRef[] | undefined, bridge: BridgeRef): boolean {
  return places?.length === 0 || isAt(places, bridge);
}
