import type { Place } from './cluster.ts';

/** The word for a place in tables and messages. */
export function nameOf(place: Place): string {
  switch (place.kind) {
    case 'node':
      return place.node.name;
    case 'role':
      return place.role.name;
    case 'network':
      return place.network.name;
    case 'vip':
      return place.vip.name;
    case 'hypervisor':
      return place.hypervisor.name;
    case 'address':
      return place.cidr.isAddress ? place.cidr.network.toString() : place.cidr.toString();
    case 'internet':
      return 'internet';
  }
}
