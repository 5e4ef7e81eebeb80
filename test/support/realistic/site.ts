import fc from 'fast-check';
import type { Model } from '../../../src/validate/model.ts';
import { words } from './schema-words.ts';

/** Up to three hypervisors with one or two bridges each. */
export const siteParts = {
  hypervisors: fc.array(
    fc.record({
      os: fc.option(fc.constantFrom(...words<'debian12'>('hypervisor', 'os'))),
      user: fc.option(fc.constant('ops')),
      hasDns: fc.boolean(),
      hasUri: fc.boolean(),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  provider: fc.constantFrom(undefined, '0.8.3' as const, '0.9.7' as const),
  /** Whether the second bridges are one segment, and a network of the hypervisors' own there. */
  isJoined: fc.boolean(),
  hasSan: fc.boolean(),
  bridges: fc.array(fc.record({ isOvs: fc.boolean(), hasUplink: fc.boolean() }), {
    minLength: 1,
    maxLength: 2,
  }),
};
const site = fc.record(siteParts);
type SiteShape = typeof site extends fc.Arbitrary<infer T> ? T : never;

/** The hypervisors with their bridges, alike on all of them, and which of those are one LAN. */
export type Site = Pick<Model, 'hypervisors' | 'segments'>;

export function siteOf(seed: SiteShape): Site {
  const hosts = seed.hypervisors.map((_, index) => `kvm${index + 1}`);
  const made = seed.hypervisors.map(({ os, user, hasDns, hasUri }, index) => ({
    ...(os === null ? {} : { os }),
    ...(user === null ? {} : { user }),
    ...(hasDns ? { dns: ['192.168.0.1', '192.168.0.2'] } : {}),
    bridges: bridgesOf(seed, index),
    ...(seed.provider === undefined && !hasUri
      ? {}
      : {
          terraform: {
            ...(seed.provider === undefined ? {} : { provider: seed.provider }),
            ...(hasUri ? { uri: `qemu+ssh://virt@192.168.0.${40 + index}/system` } : {}),
          },
        }),
  }));
  const hypervisors = Object.fromEntries(hosts.map((host, index) => [host, made[index] ?? { bridges: {} }]));
  const joined = [['lan', 'br0'], ...(hasSan(seed) || seed.isJoined ? [['back', 'br1']] : [])];
  const segments = joined
    .slice(0, seed.bridges.length)
    .map(([name, bridge]) => [name, hosts.map((host) => `${host}.${bridge}`)]);
  return hosts.length === 1 ? { hypervisors } : { hypervisors, segments: Object.fromEntries(segments) };
}

export function hasSan(seed: SiteShape): boolean {
  return seed.hasSan && seed.bridges.length > 1;
}

function bridgesOf(seed: SiteShape, host: number) {
  const addresses = [`192.168.0.${40 + host}`, ...(hasSan(seed) ? [`10.99.0.${1 + host}`] : [])];
  const made = seed.bridges.map(({ isOvs, hasUplink }, index) => [
    `br${index}`,
    {
      ...(isOvs ? { kind: 'openvswitch' as const } : {}),
      ...(hasUplink || index === 0 ? { uplink: `enp${index + 4}s0` } : {}),
      ...(addresses[index] === undefined ? {} : { ip: addresses[index] }),
    },
  ]);
  return Object.fromEntries(made);
}
