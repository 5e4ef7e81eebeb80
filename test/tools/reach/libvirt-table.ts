import type { HostBridge } from './generated-lab.ts';

/**
 * What libvirt writes for the bridges of its own, by mode: what crosses inside one, what comes in, what goes out; an accept
 * ends all three (libvirt, src/network/network_nftables.c). In open mode it writes nothing.
 */
export function libvirtTable(bridges: readonly HostBridge[]): string {
  const own = bridges.filter(({ mode }) => mode !== undefined && mode !== 'open');
  const chain = (name: string, rules: readonly string[]) => `chain ${name} {\n${rules.join('\n')}\n}`;
  return [
    'table ip libvirt_network {',
    chain(
      'guest_cross',
      own.map(({ name }) => `iifname "${name}" oifname "${name}" accept`),
    ),
    chain('guest_input', own.flatMap(input)),
    chain('guest_output', own.flatMap(output)),
    chain('forward', [
      'type filter hook forward priority filter; policy accept;',
      ...['guest_cross', 'guest_input', 'guest_output'].map((name) => `jump ${name}`),
    ]),
    chain('guest_nat', ['type nat hook postrouting priority srcnat; policy accept;', ...own.flatMap(nat)]),
    '}',
  ].join('\n');
}

function input({ name, mode, ranges }: HostBridge): string[] {
  const toGuests = `oifname "${name}" ip daddr { ${ranges.join(', ')} }`;
  return [
    ...(mode === 'nat' ? [`${toGuests} ct state established,related accept`] : []),
    ...(mode === 'route' ? [`${toGuests} accept`] : []),
    `oifname "${name}" reject`,
  ];
}

function output({ name, mode, ranges }: HostBridge): string[] {
  const fromGuests = `iifname "${name}" ip saddr { ${ranges.join(', ')} }`;
  return [...(mode === 'isolated' ? [] : [`${fromGuests} accept`]), `iifname "${name}" reject`];
}

function nat({ mode, ranges }: HostBridge): string[] {
  return mode === 'nat' ? ranges.map((range) => `ip saddr ${range} ip daddr != ${range} masquerade`) : [];
}
