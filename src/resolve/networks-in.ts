import type { Cluster, Network, Place, Role } from './cluster.ts';
import { oncePer } from './once-per-cluster.ts';
import { rangesOf } from './subnets.ts';

/** The networks that a place has addresses in; undefined stands for the outside. */
export function networksIn(
  { networks }: Pick<Cluster, 'networks'>,
  place: Exclude<Place, { readonly kind: 'hypervisor' }>,
): readonly (Network | undefined)[] {
  switch (place.kind) {
    case 'node':
      return place.node.nics.map(({ network }) => network);
    case 'role':
      return networksOfRole(place.role);
    case 'network':
      return [place.network];
    case 'vip':
      return [place.vip.network];
    case 'address': {
      const inside = networks.filter((network) =>
        rangesOf(network).some((cidr) => cidr.overlaps(place.cidr)),
      );
      const isCovered = inside.some((network) =>
        rangesOf(network).some((cidr) => cidr.includes(place.cidr.network, place.cidr.last)),
      );
      return isCovered ? inside : [...inside, undefined];
    }
    case 'internet':
      return [undefined];
  }
}

/** The networks that nodes of a role have cards in. */
export const networksOfRole = oncePer(({ nodes }: Role) => {
  const networks = new Set<Network>();
  for (const { nics } of nodes) for (const { network } of nics) networks.add(network);
  return [...networks];
});
