import fc from 'fast-check';
import type { Network } from '../../../src/validate/model.ts';
import { hex } from './addresses.ts';
import { words } from './schema-words.ts';
import type { Site } from './site.ts';

export const arbitraryNetwork = fc.record({
  mode: fc.constantFrom(...words<Network['mode']>('network', 'mode')),
  bridge: fc.nat(),
  host: fc.nat(),
  vlan: fc.option(fc.constantFrom(20, 30)),
  prefix: fc.constantFrom(24, 24, 23, 22),
  /** The lengths of the ranges after the first. */
  more: fc.constantFrom<readonly number[]>([], [], [], [], [16], [23, 20]),
  router: fc.constantFrom('none', 'short', 'long'),
  hasDhcp: fc.boolean(),
  hasMac: fc.boolean(),
  hasDns: fc.boolean(),
  hasLabels: fc.boolean(),
  hasDomain: fc.boolean(),
  hasPorts: fc.boolean(),
  hasUuid: fc.boolean(),
});
export type NetworkShape = typeof arbitraryNetwork extends fc.Arbitrary<infer T> ? T : never;

/** The network of a number: 10.17.4.0 is that of the first, 10.17.8.0 that of the second */
export function networkOf(seed: NetworkShape, number: number, site: Site): Network {
  const base = `10.17.${number * 4}`;
  const dhcp = `${base}.100-${base}.199`;
  const first = `${base}.0/${seed.prefix}`;
  // 10.201.0.0 of the first, 10.202.0.0 of the second.
  const others = seed.more.map((prefix, index) => `10.${200 + number}.${index * 64}.0/${prefix}`);
  return {
    cidr: seed.mode === 'bridge' || others.length === 0 ? first : [first, ...others],
    mode: seed.mode,
    ...(seed.mode === 'bridge' ? bridgedOf(seed, number, site) : ownOf(seed, number, site)),
    ...(seed.hasDhcp
      ? seed.mode === 'bridge'
        ? { foreignDhcp: seed.hasUuid ? { range: dhcp, reserved: ['kvm1'] } : dhcp }
        : { dhcp }
      : {}),
    ...(seed.hasDns ? { dns: ['192.168.0.1', '9.9.9.9'] } : {}),
    ...(seed.hasDomain ? { domain: `net${number}.internal` } : {}),
    ...(seed.hasUuid && !hasProvider097(site)
      ? { uuid: `5d3c1f0e-8a0b-4c1e-9c53-2f1d7d2a9a${hex(number)}` }
      : {}),
    ...(seed.hasLabels ? { terraform: { dir: `nat_network_${number}`, resource: `label_${number}` } } : {}),
  };
}

function hasProvider097({ hypervisors }: Site): boolean {
  return Object.values(hypervisors).some(({ terraform }) => terraform?.provider === '0.9.7');
}

/** On a bridge of the hosts: with several hosts on it one of them is said to be the router, if none outside is. */
function bridgedOf(seed: NetworkShape, number: number, { hypervisors, segments = {} }: Site) {
  const ip = `10.17.${number * 4}.1`;
  const hosts = Object.keys(hypervisors);
  const host = hosts[seed.host % hosts.length] ?? '';
  const bridges = Object.entries(hypervisors[host]?.bridges ?? {});
  const [bridge, { kind }] = bridges[seed.bridge % bridges.length] ?? ['', {}];
  const isShared = Object.values(segments).flat().includes(`${host}.${bridge}`);
  // As at a hoster: the router answers on the link, and is in no range.
  const outside = seed.hasPorts ? { ip: `172.31.${number}.1`, onLink: true } : { ip };
  const router =
    seed.router === 'long' && seed.hasMac
      ? { router: { ...outside, owner: 'outside', returnRoute: seed.hasDns } }
      : isShared
        ? { router: { ip, owner: host } }
        : routerOf(seed, ip);
  return {
    bridge,
    ...(hosts.length > 1 && !isShared ? { on: host } : {}),
    ...(seed.vlan !== null && kind === 'openvswitch' ? { vlan: seed.vlan } : {}),
    ...router,
  };
}

/** On a bridge that libvirt makes. */
function ownOf(seed: NetworkShape, number: number, { hypervisors }: Site) {
  const hosts = Object.keys(hypervisors);
  return {
    bridge: `virbr_${number}`,
    ...(hosts.length > 1 ? { on: hosts[seed.host % hosts.length] ?? '' } : {}),
    ...routerOf(seed, `10.17.${number * 4}.${seed.router === 'short' ? 2 : 1}`),
    ...(seed.hasMac ? { mac: `52:54:00:17:${hex(number)}:01` } : {}),
    ...(seed.mode === 'nat' && seed.hasPorts ? { nat: { ports: '20000-29999' } } : {}),
  };
}

function routerOf({ router }: NetworkShape, ip: string) {
  if (router === 'none') return {};
  return { router: router === 'short' ? ip : { ip } };
}
