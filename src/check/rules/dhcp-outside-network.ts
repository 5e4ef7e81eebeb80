import type { AddressRange } from '../../net/address-range.ts';
import type { Cidr } from '../../net/cidr.ts';
import { Ipv4 } from '../../net/ipv4.ts';
import { defineRule } from '../rule.ts';

/** More addresses than this libvirt hands out in no range (`virSocketAddrGetRange` in src/util/virsocketaddr.c). */
const MOST = 65535;

export const dhcpOutsideNetwork = defineRule({
  id: 'dhcp-outside-network',
  severity: 'error',
  docs: {
    summary: 'a DHCP range is not one of addresses that machines can have in the network',
    why: 'With such a range libvirt does not define the network: "range ... is not entirely within network", "start of range ... is the network address", "end of range ... is the broadcast address" or "is too large (> 65535)" (`virSocketAddrGetRange` in src/util/virsocketaddr.c). Of a network with several ranges it serves the first one.',
    help: 'Say a range between the first and the last address of the first range.',
    fails: 'networks:\n  kube: { dhcp: 10.17.4.100-10.17.5.199 }',
    passes: 'networks:\n  kube: { dhcp: 10.17.4.1-10.17.4.20 }',
  },
  *check({ networks }) {
    for (const { dhcp, cidr, origin } of networks) {
      const problem = dhcp && problemOf(dhcp, cidr);
      if (dhcp === undefined || problem === undefined) continue;
      yield {
        at: [...origin, 'dhcp'],
        message: `libvirt refuses the range ${dhcp}: ${problem}`,
        related: [{ at: [...origin, 'cidr', 0], message: 'the network is here' }],
        ...within(dhcp, cidr),
      };
    }
  },
});

function problemOf({ first, last }: AddressRange, cidr: Cidr): string | undefined {
  if (!cidr.includes(first, last)) return `it is not inside ${cidr}`;
  if (first.equals(cidr.network)) return `${first} is the address of the network itself`;
  if (last.equals(cidr.last)) return `${last} is the broadcast address`;
  return last.value - first.value + 1 > MOST ? `it has more than ${MOST} addresses` : undefined;
}

/** What of the range libvirt would take, if anything. */
function within(dhcp: AddressRange, cidr: Cidr): { help?: string } {
  const first = Math.max(dhcp.first.value, cidr.network.value + 1);
  const last = Math.min(dhcp.last.value, cidr.last.value - 1, first + MOST - 1);
  if (cidr.prefix >= 31) return { help: 'so small a network has no room for one' };
  return first > last
    ? { help: `addresses there: ${cidr.firstHost}-${cidr.lastHost}` }
    : { help: `the part that it takes: ${Ipv4.fromNumber(first)}-${Ipv4.fromNumber(last)}` };
}
