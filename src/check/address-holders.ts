import type { Path } from '../diagnostics/diagnostic.ts';
import type { Ipv4 } from '../net/ipv4.ts';
import { addressIn, bridgeOn, networksAt } from '../resolve/addressing.ts';
import type { Cluster, Network } from '../resolve/cluster.ts';
import { oncePerCluster } from '../resolve/once-per-cluster.ts';
import { subnetOf } from '../resolve/subnets.ts';

/** Somebody who has an address in a network. */
export interface AddressHolder {
  readonly ip: Ipv4;
  readonly network: Network;
  /** Who it is, in a word for messages. */
  readonly name: string;
  /** The same for all addresses of one machine, but for a node's cards. */
  readonly machine: string;
  /** Whether it is a machine that is not in the model. */
  readonly isOutside?: boolean;
  /** Whether it is a card beside the one with the node's default route, in another network. */
  readonly isFurtherCard?: boolean;
  /** Whether it is the router of the network. */
  readonly isRouter?: boolean;
  readonly at: Path;
}

/** All who have an address in one of the networks: hypervisors, routers, nodes' cards and virtual IPs. */
export const addressHolders = oncePerCluster(findHolders);

function findHolders({ hypervisors, networks, nodes, vips }: Cluster): AddressHolder[] {
  const bridges = networks.flatMap((network) =>
    hypervisors.flatMap((hypervisor) => {
      const ip = addressIn(network, hypervisor);
      if (ip === undefined || ip.equals(network.router.ip)) return [];
      const at = [...hypervisor.origin, 'bridges', bridgeOn(network, hypervisor) ?? '', 'ip'];
      return [{ ip, network, name: hypervisor.name, machine: hypervisor.name, at }];
    }),
  );
  const routers = networks.flatMap((network) =>
    network.subnets.map(({ router: ip }) => ({
      ip,
      network,
      name: `the router of ${network.name}`,
      machine: network.router.hypervisor?.name ?? `${ip} outside`,
      isRouter: true,
      isOutside: network.router.hypervisor === undefined,
      at: [...network.origin, 'router', 'ip'],
    })),
  );
  const cards = nodes.flatMap(({ name, nics }) =>
    nics.map(({ ip, network, origin }, index) => ({
      ip,
      network,
      name,
      machine: origin.join('.'),
      isFurtherCard: index > 0 && nics[0]?.network !== network,
      at: [...origin, 'ip'],
    })),
  );
  const virtual = vips.map(({ ip, network, name, origin }) => ({
    ...{ ip, network, name },
    machine: origin.join('.'),
    at: [...origin, 'ip'],
  }));
  return [...bridges, ...unnamedCards({ hypervisors, networks }), ...routers, ...cards, ...virtual];
}

/** Hypervisors at an address that none of their bridges has: it is on a card that the model does not name. */
function unnamedCards({ hypervisors, networks }: Pick<Cluster, 'hypervisors' | 'networks'>): AddressHolder[] {
  return hypervisors.flatMap((hypervisor) => {
    const { name, ip, bridges, origin } = hypervisor;
    const isNamed = bridges.some((bridge) => bridge.ip?.equals(ip));
    const network = networksAt({ networks }, hypervisor).find(
      (each) => each.mode === 'bridge' && subnetOf(each, ip),
    );
    return isNamed || network === undefined
      ? []
      : [{ ip, network, name, machine: name, at: [...origin, 'ip'] }];
  });
}
