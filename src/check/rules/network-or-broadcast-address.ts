import type { Ipv4 } from '../../net/ipv4.ts';
import type { Network } from '../../resolve/cluster.ts';
import { subnetOf } from '../../resolve/subnets.ts';
import { addressHolders } from '../address-holders.ts';
import { helpWithFreeAddress } from '../next-free-address.ts';
import { defineRule } from '../rule.ts';

export const networkOrBroadcastAddress = defineRule({
  id: 'network-or-broadcast-address',
  severity: 'error',
  docs: {
    summary: 'a machine has the first or the last address of a range, which stand for all of it',
    why: 'The last address is the broadcast address (RFC 919): to the others in the range it is no machine, and a connection to it fails at once ("Do you want to ping broadcast?"). The first one is the address of the network itself (RFC 1122, section 3.2.1.3). Linux takes it for a machine since 5.14 (`fib_add_ifaddr` in net/ipv4/fib_frontend.c); other systems do not.',
    help: 'Give the machine an address between the two. Ranges of the lengths 31 and 32 have no such addresses (RFC 3021).',
    fails: 'nodes:\n  worker1: { ip: 10.17.4.255 }',
    passes:
      'networks:\n  kube: { cidr: 10.17.4.0/22 }\nnodes:\n  worker1: { ip: 10.17.4.255 }\n  master1: { ip: 10.17.5.0 }',
  },
  *check(cluster) {
    for (const { ip, network, at } of addressHolders(cluster)) {
      const what = meaningOf(ip, network);
      if (what === undefined) continue;
      yield {
        at,
        message: `${ip} is ${what}: no machine can have it`,
        related: [{ at: [...network.origin, 'cidr'], message: 'the range is here' }],
        ...helpWithFreeAddress(cluster, network, ip),
      };
    }
  },
});

/** What an address stands for if not for a machine. */
function meaningOf(ip: Ipv4, network: Network): string | undefined {
  const cidr = subnetOf(network, ip)?.cidr;
  if (cidr === undefined || cidr.prefix >= 31) return undefined;
  if (ip.equals(cidr.network)) return `the address of the network ${cidr} itself`;
  return ip.equals(cidr.last) ? `the broadcast address of ${cidr}` : undefined;
}
