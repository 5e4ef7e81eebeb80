import type { FirewallHost } from '../../firewall/places.ts';
import { addressIn, bridgeOn, bridgesTo, interfaceOf } from '../../resolve/addressing.ts';
import type { Network } from '../../resolve/cluster.ts';

/** The interfaces that a hypervisor can have packets of a network's guests at; undefined where it can be any. */
export function interfacesTo(
  { cluster, hypervisor }: FirewallHost,
  network: Network | undefined,
): readonly string[] | undefined {
  const bridge = network && bridgeOn(network, hypervisor);
  if (network === undefined) return undefined;
  if (bridge !== undefined && addressIn(network, hypervisor) !== undefined)
    return [interfaceOf(bridge, network.vlan)];
  const shared = network.router.hypervisor === undefined ? [] : bridgesTo(cluster, hypervisor, network);
  return shared.length === 0 ? undefined : shared;
}

/** The same for a machine that is not in the model: it finds its own way through the networks outside. */
export function interfacesOfOthers(
  host: FirewallHost,
  network: Network | undefined,
): readonly string[] | undefined {
  const { cluster, hypervisor } = host;
  const outside = cluster.networks.filter(
    (other) => other.router.hypervisor === undefined && addressIn(other, hypervisor) !== undefined,
  );
  const isOutside = network?.router.hypervisor === undefined;
  return isOutside && outside.length !== 1 ? undefined : interfacesTo(host, network);
}
