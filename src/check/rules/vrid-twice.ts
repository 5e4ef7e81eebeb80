import type { Path } from '../../diagnostics/diagnostic.ts';
import type { Cluster, Network, Vip } from '../../resolve/cluster.ts';
import { isOneSegment } from '../../resolve/segments.ts';
import { defineRule } from '../rule.ts';

export const vridTwice = defineRule({
  id: 'vrid-twice',
  severity: 'error',
  docs: {
    summary: 'two virtual IPs on one segment have one VRID',
    why: 'The VRID is what tells virtual routers on a LAN apart (RFC 9568, 1.6 and 7.1): each would take the advertisements of the other for its own, and a member of both has two instances of one VRID on one interface, which Keepalived refuses (`keepalived -t`: duplicate VRID). The default is the last octet of the address, so that 192.168.0.55 and 10.17.4.55 have the same one, and networks on one bridge are one segment.',
    help: 'Say `vrid` for one of them. The same VRID on two segments is no mistake and not reported.',
    fails: 'vips:\n  web: { ip: 192.168.0.56, vrid: 55, members: [lb2, lb1], port: 5432, backends: worker }',
    passes: 'vips:\n  inner: { ip: 10.17.4.55, members: [worker1, master1], port: 5432, backends: worker }',
  },
  *check({ vips }) {
    const seen = new Map<number, Vip[]>();
    for (const vip of vips) {
      const before = seen.get(vip.vrid) ?? [];
      seen.set(vip.vrid, [...before, vip]);
      const other = before.find(({ network }) => isOneSegment(network, vip.network));
      // One address twice is a mistake of its own, of which this one only follows.
      if (other === undefined || other.ip.equals(vip.ip)) continue;
      const free = freeVrid({ vips }, vip.network, vip.vrid);
      yield {
        at: vridAt(vip),
        message: `"${vip.name}" has the VRID ${vip.vrid}${isDefault(vip) ? ', the last octet of its address' : ''}, as "${other.name}" has on the same segment`,
        related: [{ at: vridAt(other), message: 'the other one is here' }],
        ...(free === undefined ? {} : { help: `next free VRID there: \`vrid: ${free}\`` }),
      };
    }
  },
});

/** Where the VRID is from: nobody has to say the last octet. */
function vridAt({ vrid, ip, origin }: Vip): Path {
  return [...origin, isDefault({ vrid, ip }) ? 'ip' : 'vrid'];
}

function isDefault({ vrid, ip }: Pick<Vip, 'vrid' | 'ip'>): boolean {
  return vrid === (ip.value & 255);
}

/** The first VRID after one that no virtual IP on the segment has; from 1 on after 255. */
function freeVrid({ vips }: Pick<Cluster, 'vips'>, network: Network, after: number): number | undefined {
  const taken = new Set(vips.filter((vip) => isOneSegment(vip.network, network)).map(({ vrid }) => vrid));
  const others = Array.from({ length: 254 }, (_, index) => ((after + index) % 255) + 1);
  return others.find((vrid) => !taken.has(vrid));
}
