import type { Path } from '../../diagnostics/diagnostic.ts';
import type { AddressRange } from '../../net/address-range.ts';
import { Ipv4 } from '../../net/ipv4.ts';
import type { Cluster, Network } from '../../resolve/cluster.ts';
import { defineRule } from '../rule.ts';

export const dhcpCoversAddress = defineRule({
  id: 'dhcp-covers-address',
  severity: 'error',
  docs: {
    summary: 'a DHCP range holds an address that somebody has without a reservation',
    why: 'The DHCP server of libvirt leases it to whoever asks while its holder is down or does not answer a ping (dnsmasq(8), `--no-ping`), and then two machines have it. A virtual IP is in danger at each failover.',
    help: 'Say the `mac` of the node, for which libvirt then reserves the address, or a range without it. Reservations inside the range are fine, and so is the address of the router, which dnsmasq leaves out (`address_allocate` in src/dhcp.c).',
    fails: 'networks:\n  kube: { dhcp: 10.17.4.2-10.17.4.254 }',
    passes:
      'networks:\n  kube: { dhcp: 10.17.4.1-10.17.4.254 }\nnodes:\n  master1: { mac: "52:54:00:c6:ba:3c" }\n  worker1: { mac: "52:54:00:96:a9:cb" }',
  },
  *check(cluster) {
    const holders = unreserved(cluster);
    for (const network of cluster.networks) {
      const { dhcp } = network;
      const inside = (holders.get(network) ?? []).filter(({ ip }) => dhcp?.contains(ip));
      const [first, ...others] = inside;
      if (dhcp === undefined || first === undefined) continue;
      const more = others.length === 0 ? '' : `, and ${others.length} more like it`;
      const free = largestGap(dhcp, inside);
      yield {
        at: [...network.origin, 'dhcp'],
        message: `${dhcp} holds ${first.ip} of "${first.name}", which libvirt does not reserve${more}`,
        related: inside.map(({ at, name, ip }) => ({ at, message: `"${name}" has ${ip}` })),
        ...(free === undefined
          ? {}
          : { help: `a range without: ${free}; a node with a \`mac\` gets a reservation` }),
      };
    }
  },
});

interface Holder {
  readonly ip: Ipv4;
  readonly name: string;
  readonly at: Path;
}

/** Who has an address of each network by itself. */
function unreserved({ networks, nodes, vips }: Cluster): Map<Network, Holder[]> {
  const holders = new Map<Network, Holder[]>(networks.map((network) => [network, []]));
  for (const { name, nics } of nodes)
    for (const { ip, network, addressing, origin } of nics)
      if (addressing === 'static') holders.get(network)?.push({ ip, name, at: [...origin, 'ip'] });
  for (const { ip, network, name, origin } of vips)
    holders.get(network)?.push({ ip, name, at: [...origin, 'ip'] });
  return holders;
}

/** The longest part of a range that has none of the addresses. */
function largestGap({ first, last }: AddressRange, holders: readonly Holder[]): string | undefined {
  const taken = holders.map(({ ip }) => ip.value).sort((a, b) => a - b);
  const starts = [first.value, ...taken.map((value) => value + 1)];
  const ends = [...taken.map((value) => value - 1), last.value];
  const gaps = starts.map((start, index) => ({ start, end: ends[index] ?? start - 1 }));
  const [largest] = gaps.sort((a, b) => b.end - b.start - (a.end - a.start));
  return largest === undefined || largest.end < largest.start
    ? undefined
    : `${Ipv4.fromNumber(largest.start)}-${Ipv4.fromNumber(largest.end)}`;
}
