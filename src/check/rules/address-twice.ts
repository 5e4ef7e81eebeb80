import { type AddressHolder, addressHolders } from '../address-holders.ts';
import { nextFreeAddress } from '../next-free-address.ts';
import { areApart, routingDomains } from '../routing-domains.ts';
import { defineRule } from '../rule.ts';

export const addressTwice = defineRule({
  id: 'address-twice',
  severity: 'error',
  docs: {
    summary: 'two machines have one address where packets find both',
    why: 'Each answers ARP requests for it (RFC 5227), so that connections go now to one and now to the other, and break.',
    help: 'Give one of them another address. The same address at two sites that nothing joins is no mistake and not reported.',
    fails: 'nodes:\n  worker1: { ip: 10.17.4.21 }',
    passes: 'nodes:\n  worker1: { ip: 10.17.4.22 }',
  },
  *check(cluster) {
    const holders = addressHolders(cluster);
    for (const domain of routingDomains(cluster)) {
      const first = new Map<number, AddressHolder>();
      for (const holder of holders.filter(({ network }) => domain.includes(network))) {
        const other = first.get(holder.ip.value);
        first.set(holder.ip.value, other ?? holder);
        if (
          other === undefined ||
          other.machine === holder.machine ||
          areApart(other.network, holder.network)
        )
          continue;
        const free = nextFreeAddress(cluster, holder.network, holder.ip);
        yield {
          at: holder.at,
          message: `${holder.ip} is the address of ${other.name} already`,
          related: [{ at: other.at, message: 'first here' }],
          ...(free === undefined ? {} : { help: `next free address in ${holder.network.name}: ${free}` }),
        };
      }
    }
  },
});
