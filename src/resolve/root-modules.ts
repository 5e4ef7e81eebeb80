import type { Network, NetworkBridge } from './cluster.ts';
import { groupBy } from './group-by.ts';

/** A network on one of its hypervisors. */
export interface NetworkOnBridge {
  readonly network: Network;
  readonly bridge: NetworkBridge;
}

export function networksOnBridges(networks: readonly Network[]): NetworkOnBridge[] {
  return networks.flatMap((network) => network.bridges.map((bridge) => ({ network, bridge })));
}

/** What is in each of Terraform's root modules, by folder: all that names one folder is one module. */
export function rootModules(networks: readonly Network[]): ReadonlyMap<string, readonly NetworkOnBridge[]> {
  return groupBy(networksOnBridges(networks), ({ bridge }) => bridge.terraform.dir);
}
