import type { Network } from './cluster.ts';

/** The networks of each of Terraform's root modules, by folder: networks that name one folder share a module. */
export function rootModules(networks: readonly Network[]): ReadonlyMap<string, readonly Network[]> {
  const modules = new Map<string, Network[]>();
  for (const network of networks) {
    const { dir } = network.terraform;
    modules.set(dir, [...(modules.get(dir) ?? []), network]);
  }
  return modules;
}
