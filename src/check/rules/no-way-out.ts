import { addressIn, networksAt } from '../../resolve/addressing.ts';
import type { Cluster, Hypervisor, Network } from '../../resolve/cluster.ts';
import { subnetOf } from '../../resolve/subnets.ts';
import { failedEntries } from '../failed-checks.ts';
import { defineRule } from '../rule.ts';

export const noWayOut = defineRule({
  id: 'no-way-out',
  severity: 'error',
  docs: {
    summary: 'a check goes to the outside from behind a hypervisor that has no way there',
    why: 'What the hypervisor routes leaves by a bridge with an `uplink`: only there the generated firewall lets it pass and masquerades it. Without one the packets are refused, or leave with addresses that nobody outside knows.',
    help: "Say the `uplink` of the bridge, the host's network card that it takes. Or remove the check.",
    fails: `hypervisors:
  kvm1: { bridges: { br0: { uplink: null } } }
networks:
  lan: { router: { ip: 192.168.0.1, owner: outside } }
verify: [{ from: worker, to: 9.9.9.9 }]`,
    passes: `hypervisors:
  kvm1: { bridges: { br0: { uplink: null } } }
networks:
  lan: { router: { ip: 192.168.0.1, owner: outside } }
verify: [{ from: [worker, lb1], to: [10.17.4.1, 192.168.0.1] }]`,
  },
  *check(cluster) {
    const told = new Set<Hypervisor>();
    for (const { from, to, at, closed, way } of failedEntries(cluster)) {
      const isInside = to.network !== undefined || closed !== undefined;
      if (isInside || way.unsure.size > 0 || !('network' in from)) continue;
      const host = from.network.router.hypervisor;
      if (host === undefined || told.has(host) || hasOtherWay(cluster, host, from.network)) continue;
      told.add(host);
      yield {
        at,
        message: `"${from.name}" cannot reach ${to.name}: "${host.name}", its router, has no bridge with an uplink`,
        related: [
          ...host.bridges.map((bridge) => ({
            at: bridge.origin,
            message: `"${bridge.name}" leads nowhere`,
          })),
          ...besideOutside(cluster, host)
            .filter(({ router }) => !router.returnRoute)
            .map(({ origin: place }) => ({
              at: [...place, 'router'],
              message: 'its router knows no way back',
            })),
        ],
        help: 'say the `uplink` of the bridge that leads out',
      };
    }
  },
});

/** Whether a host has an uplink, or a card that the model does not name: there libvirt masquerades by itself. */
function hasOtherWay(cluster: Cluster, host: Hypervisor, { mode }: Network): boolean {
  const isUnnamed = !networksAt(cluster, host).some((network) => subnetOf(network, host.ip));
  return host.bridges.some(({ uplink }) => uplink !== undefined) || (mode === 'nat' && isUnnamed);
}

/** The networks of routers outside that a host has an address in. */
function besideOutside(cluster: Cluster, host: Hypervisor): Network[] {
  return networksAt(cluster, host).filter(
    (network) => network.router.hypervisor === undefined && addressIn(network, host) !== undefined,
  );
}
