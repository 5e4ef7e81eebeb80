import type { Ipv4 } from '../net/ipv4.ts';
import type { Place } from './cluster.ts';

/** The address of a place that has one. */
export function addressOf(place: Place): Ipv4 {
  switch (place.kind) {
    case 'node':
      return place.node.ip;
    case 'vip':
      return place.vip.ip;
    case 'hypervisor':
      return place.hypervisor.ip;
    case 'address':
      return place.cidr.network;
    default:
      throw new Error(`a ${place.kind} has no address of its own`);
  }
}
