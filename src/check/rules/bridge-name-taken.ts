import type { Path } from '../../diagnostics/diagnostic.ts';
import { interfaceOf } from '../../resolve/addressing.ts';
import type { Bridge, Cluster, Hypervisor } from '../../resolve/cluster.ts';
import { networksOnBridges } from '../../resolve/root-modules.ts';
import { defineRule } from '../rule.ts';

export const bridgeNameTaken = defineRule({
  id: 'bridge-name-taken',
  severity: 'error',
  docs: {
    summary: 'a bridge has the name of another interface of its host',
    why: 'A host has one interface of each name: libvirt cannot make the bridge and does not start the network. A Linux bridge cannot be a port of itself or of another one either ("Can not enslave a bridge to a bridge", `br_add_if` in net/bridge/br_if.c).',
    help: 'Give the bridge a name that no network card of the host has.',
    fails: 'networks:\n  kube: { bridge: enp4s0f1 }',
    passes: 'networks:\n  kube: { bridge: br-enp4s0f1 }',
  },
  *check(cluster) {
    for (const hypervisor of cluster.hypervisors) {
      const taken = otherInterfaces(cluster, hypervisor);
      for (const { name, at, kind } of bridgesOf(cluster, hypervisor)) {
        const other = taken.get(name);
        // A bridge of one kind can be a port of one of the other kind.
        if (other === undefined || (kind !== undefined && kind !== other.kind)) continue;
        yield {
          at,
          part: kind === undefined ? 'value' : 'key',
          message: `"${name}" is ${other.what}, and "${hypervisor.name}" has one interface of that name`,
          related: [{ at: other.at, message: 'it is here' }],
          help: 'give the bridge a name of its own',
        };
      }
    }
  },
});

interface Interface {
  /** What it is, in words for messages. */
  readonly what: string;
  readonly at: Path;
  /** The kind of the bridge that it is a port of. */
  readonly kind: Bridge['kind'];
}

/** The host's interfaces that are no bridges, by name: uplinks, and its ports in VLANs that it routes. */
function otherInterfaces({ networks }: Cluster, hypervisor: Hypervisor): ReadonlyMap<string, Interface> {
  const uplinks = hypervisor.bridges.flatMap(({ name, uplink, origin, kind }): [string, Interface][] =>
    uplink === undefined
      ? []
      : [[uplink, { what: `the uplink of "${name}"`, at: [...origin, 'uplink'], kind }]],
  );
  const ports = networksOnBridges(networks)
    .filter(
      ({ network: { vlan, router }, bridge }) =>
        vlan && router.hypervisor === hypervisor && bridge.hypervisor === hypervisor,
    )
    .map(({ network: { name, vlan, origin }, bridge }): [string, Interface] => [
      interfaceOf(bridge.name, vlan),
      { what: `the host's port in "${name}"`, at: [...origin, 'vlan'], kind: 'openvswitch' },
    ]);
  return new Map([...ports, ...uplinks]);
}

/** The bridges of a host: its own, with their kind, and those that libvirt makes. */
function bridgesOf({ networks }: Cluster, hypervisor: Hypervisor) {
  const own = hypervisor.bridges.map(({ name, origin, kind }) => ({ name, at: origin, kind }));
  const made = networksOnBridges(networks.filter(({ mode }) => mode !== 'bridge'))
    .filter(({ bridge }) => bridge.hypervisor === hypervisor)
    .map(({ network, bridge }) => ({
      name: bridge.name,
      at: [...network.origin, 'bridge'],
      kind: undefined,
    }));
  return [...own, ...made];
}
