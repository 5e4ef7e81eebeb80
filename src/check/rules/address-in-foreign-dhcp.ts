import type { Network } from '../../resolve/cluster.ts';
import { networksBySegment } from '../../resolve/segments.ts';
import { addressHolders } from '../address-holders.ts';
import { helpWithFreeAddress } from '../next-free-address.ts';
import { defineRule } from '../rule.ts';

export const addressInForeignDhcp = defineRule({
  id: 'address-in-foreign-dhcp',
  severity: 'warning',
  docs: {
    summary: "an address lies in the range that somebody else's DHCP server leases",
    why: 'That server does not know that the address is taken (RFC 2131, section 2.2, leaves it to the server to look), and gives it to a telephone while its holder is down or, for a virtual IP, moves. Then both answer for it.',
    help: 'Take an address outside of the range, or make the range smaller at the server. If the address is reserved there, say so: `foreignDhcp: { range: ..., reserved: [NAME] }`.',
    fails: 'vips:\n  api: { ip: 192.168.0.155 }',
    passes:
      'networks:\n  lan: { router: 192.168.0.254, foreignDhcp: { range: 192.168.0.52-192.168.0.254, reserved: [api] } }',
  },
  *check(cluster) {
    const holders = addressHolders(cluster).filter(({ isOutside }) => isOutside !== true);
    for (const segment of networksBySegment(cluster)) {
      const pools = segment.flatMap(poolsOf);
      if (pools.length === 0) continue;
      for (const { ip, at, network, name, machine } of holders.filter((holder) =>
        segment.includes(holder.network),
      )) {
        const pool = pools.find(({ range }) => range.contains(ip));
        if (pool === undefined || [name, machine].some((known) => pool.reserved.includes(known))) continue;
        yield {
          at,
          message: `${ip} of ${name} is in the range ${pool.range}, which somebody else's DHCP server leases`,
          related: [{ at: pool.at, message: 'the range is here' }],
          ...helpWithFreeAddress(cluster, network, ip),
        };
      }
    }
  },
});

function poolsOf({ foreignDhcp: range, reservedOutside: reserved, origin }: Network) {
  return range === undefined ? [] : [{ range, reserved, at: [...origin, 'foreignDhcp', 'range'] }];
}
