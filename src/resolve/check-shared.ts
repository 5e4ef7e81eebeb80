import type { Finding } from '../diagnostics/diagnostic.ts';
import type { Network } from './cluster.ts';
import { groupBy } from './group-by.ts';
import { type NetworkOnBridge, networksOnBridges, rootModules } from './root-modules.ts';

/** Bridges that libvirt makes belong to one network each, and so do the labels in a folder of Terraform. */
export function checkShared(networks: readonly Network[]): Finding[] {
  const made = networksOnBridges(networks.filter(({ mode }) => mode !== 'bridge'));
  const hosts = groupBy(made, ({ bridge }) => bridge.hypervisor.name);
  return [
    ...[...hosts.values()].flatMap((here) => shared(here, ({ bridge }) => bridge.name, ['bridge'])),
    ...[...rootModules(networks).values()].flatMap((together) => [
      ...shared(together, ({ bridge }) => bridge.terraform.resource, ['terraform', 'resource']),
      ...severalProviders(together),
    ]),
  ];
}

/** Terraform takes one version of a provider in a root module. */
function severalProviders(together: readonly NetworkOnBridge[]): Finding[] {
  const versionOf = ({ bridge }: NetworkOnBridge) => bridge.hypervisor.terraform.provider;
  const [first, ...others] = together;
  const other = others.find((item) => first !== undefined && versionOf(item) !== versionOf(first));
  if (first === undefined || other === undefined) return [];
  return [
    {
      rule: 'wrong-value',
      at: [...other.network.origin, 'terraform', 'dir'],
      message: `the folder "${other.bridge.terraform.dir}" would need the providers ${versionOf(first)} and ${versionOf(other)}`,
      help: 'say another `dir`, or one version of the provider for its hypervisors',
    },
  ];
}

function shared(
  items: readonly NetworkOnBridge[],
  pick: (item: NetworkOnBridge) => string,
  key: readonly string[],
): Finding[] {
  const first = new Map<string, Network>();
  return items.flatMap((item): Finding[] => {
    const { network } = item;
    const value = pick(item);
    const other = first.get(value);
    if (other === undefined) {
      first.set(value, network);
      return [];
    }
    return [
      {
        rule: 'duplicate-name',
        at: [...network.origin, ...key],
        message: `the networks "${other.name}" and "${network.name}" have the same ${key.join('.')} "${value}"`,
        related: [{ at: [...other.origin, ...key], message: 'the other one is here' }],
        help: 'each network needs one of its own',
      },
    ];
  });
}
