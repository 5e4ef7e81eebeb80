import type { Path } from '../../diagnostics/diagnostic.ts';
import { Mac } from '../../net/mac.ts';
import type { Cluster, Network } from '../../resolve/cluster.ts';
import { networksBySegment } from '../../resolve/segments.ts';
import { defineRule } from '../rule.ts';

export const macTwice = defineRule({
  id: 'mac-twice',
  severity: 'error',
  docs: {
    summary: 'two network cards have one MAC address on one segment',
    why: 'A bridge sends frames for an address to the port where it saw it last (IEEE 802.1D, 7.8), so that each of the two takes the packets of the other. libvirt refuses two reservations for one MAC address.',
    help: 'Give each card its own. The same address on two segments is no mistake.',
    fails: 'nodes:\n  master1: { mac: "52:54:00:c6:ba:3c" }\n  worker1: { mac: "52:54:00:c6:ba:3c" }',
    passes: 'nodes:\n  lb1: { mac: "52:54:00:c6:ba:3c" }\n  worker1: { mac: "52:54:00:c6:ba:3c" }',
  },
  *check(cluster) {
    const holders = macHolders(cluster);
    for (const segment of networksBySegment(cluster)) {
      const first = new Map<string, MacHolder>();
      for (const holder of segment.flatMap((network) => holders.get(network) ?? [])) {
        const mac = holder.mac.toString();
        const other = first.get(mac);
        if (other === undefined) {
          first.set(mac, holder);
          continue;
        }
        yield {
          at: holder.at,
          message: `${mac} is the MAC address of ${other.name} already`,
          related: [{ at: other.at, message: 'the other one is here' }],
          help: `next free MAC address: ${nextFree(holder.mac, [...holders.values()].flat())}`,
        };
      }
    }
  },
});

interface MacHolder {
  readonly mac: Mac;
  /** Whose it is, in words for messages. */
  readonly name: string;
  readonly at: Path;
}

/** The cards in each network, after the bridge that libvirt makes for it. */
function macHolders({ networks, nodes }: Cluster): Map<Network, MacHolder[]> {
  const holders = new Map(
    networks.map((network): [Network, MacHolder[]] => [
      network,
      network.mac === undefined
        ? []
        : [{ mac: network.mac, name: `the bridge of ${network.name}`, at: [...network.origin, 'mac'] }],
    ]),
  );
  for (const { name, nics } of nodes)
    for (const { mac, network, origin } of nics)
      if (mac !== undefined) holders.get(network)?.push({ mac, name, at: [...origin, 'mac'] });
  return holders;
}

/** The first address after one, in the same vendor's range, that no card has. */
function nextFree(after: Mac, holders: readonly MacHolder[]): Mac {
  const taken = new Set(holders.map(({ mac }) => mac.toString()));
  const octets = after.octets;
  const vendor = octets.slice(0, 3);
  let own = octets.slice(3).reduce((sum, octet) => sum * 256 + octet, 0);
  for (;;) {
    own = (own + 1) % 2 ** 24;
    const mac = Mac.fromOctets([...vendor, own >> 16, (own >> 8) & 255, own & 255]);
    if (!taken.has(mac.toString())) return mac;
  }
}
