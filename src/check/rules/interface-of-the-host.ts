import type { Path } from '../../diagnostics/diagnostic.ts';
import { bridgeOn } from '../../resolve/addressing.ts';
import type { Cluster, Hypervisor } from '../../resolve/cluster.ts';
import { defineRule } from '../rule.ts';
import { interfaceAt } from '../said-at.ts';

export const interfaceOfTheHost = defineRule({
  id: 'interface-of-the-host',
  severity: 'error',
  docs: {
    summary: "a node's interface has the name of a bridge of its hypervisor",
    why: 'A bridge is on the hypervisor; the guest is plugged into it and sees a network card of its own, such as eth0 or enp1s0 (libvirt, Domain XML, Network interfaces). `keepalived -t` refuses an interface that does not exist, and a static address for it is set nowhere.',
    help: 'Leave `interface` out, and the card that holds the address is found at run time; or say the name that `ip link` shows inside the guest.',
    fails: 'nodes:\n  lb1: { interface: br0 }',
    passes: 'nodes:\n  lb1: { interface: enp4s0f1 }',
  },
  *check(cluster) {
    const bridges = new Map(cluster.hypervisors.map((host) => [host, bridgeNames(cluster, host)]));
    for (const { hypervisor, nics } of cluster.nodes) {
      for (const nic of nics) {
        const bridge = nic.interface === undefined ? undefined : bridges.get(hypervisor)?.get(nic.interface);
        if (bridge === undefined) continue;
        const said = interfaceAt(nic);
        yield {
          ...said,
          ...(said.part === 'key' ? {} : { fix: 'remove' }),
          message: `"${nic.interface}" is a bridge of "${hypervisor.name}": no network card inside a guest has that name`,
          related: [{ at: bridge, message: 'the bridge is here' }],
          help:
            said.part === 'key'
              ? 'name the card as the guest does, such as eth0'
              : `leave it out: the card that holds ${nic.ip} is found at run time`,
        };
      }
    }
  },
});

/** The bridges of a hypervisor by name, its own and those that libvirt makes there, with where each stands. */
function bridgeNames({ networks }: Pick<Cluster, 'networks'>, host: Hypervisor): Map<string, Path> {
  const made = networks.flatMap((network): [string, Path][] => {
    const name = bridgeOn(network, host);
    return name === undefined ? [] : [[name, [...network.origin, 'bridge']]];
  });
  return new Map([...made, ...host.bridges.map(({ name, origin }): [string, Path] => [name, origin])]);
}
