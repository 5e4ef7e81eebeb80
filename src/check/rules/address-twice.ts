import { type AddressHolder, addressHolders } from '../address-holders.ts';
import { helpWithFreeAddress } from '../next-free-address.ts';
import { defineRule } from '../rule.ts';

export const addressTwice = defineRule({
  id: 'address-twice',
  severity: 'error',
  docs: {
    summary: 'two machines have one address in one network',
    why: 'Each answers ARP requests for it (RFC 5227), so that connections go now to one and now to the other, and break. One virtual IP in two VRRP instances has two holders at a time, for each instance elects one (RFC 9568, section 3).',
    help: 'Give one of them another address. A hypervisor that is the router has the address as both, and so it may be said.',
    fails: 'nodes:\n  worker1: { ip: 10.17.4.21 }',
    passes: 'networks:\n  lan: { router: 192.168.0.40 }',
  },
  *check(cluster) {
    const first = new Map<string, AddressHolder>();
    for (const holder of addressHolders(cluster)) {
      // Two networks have an address in common only where ranges overlap or it is outside of one: mistakes of their own.
      const key = `${holder.network.name} ${holder.ip}`;
      const other = first.get(key);
      const isRouter = other !== undefined && isRouterItself(other, holder);
      first.set(key, other === undefined || isRouter ? holder : other);
      if (other === undefined || other.machine === holder.machine || isRouter) continue;
      const isSplit = isVirtual(holder) && isVirtual(other);
      yield {
        at: holder.at,
        message: `${holder.ip} is the address of ${other.name} already${isSplit ? ', and each elects a holder of its own' : ''}`,
        related: [{ at: other.at, message: 'the other one is here' }],
        ...(isSplit
          ? {
              help: `one virtual IP can have several ports: list them under \`frontends\` of "${other.name}"`,
            }
          : helpWithFreeAddress(cluster, holder.network, holder.ip)),
      };
    }
  },
});

function isVirtual({ at: [section] }: AddressHolder): boolean {
  return section === 'vips';
}

/** A router that is no hypervisor can be a guest of the model: its own default route goes elsewhere, by another card. */
function isRouterItself(
  { isOutside = false }: AddressHolder,
  { isFurtherCard = false }: AddressHolder,
): boolean {
  return isOutside && isFurtherCard;
}
