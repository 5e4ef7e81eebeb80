import type { Cluster, Place } from '../../resolve/cluster.ts';
import { nameOf } from '../../resolve/name-of.ts';
import { networksIn } from '../../resolve/networks-in.ts';
import { sourcesIn } from '../needed-connections.ts';
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
    const sourcesOf = sourcesIn(cluster);
    for (const { from, to, origin } of cluster.verifications) {
      if (origin?.[0] !== 'verify' || !isOutside(cluster, to)) continue;
      const closed = sourcesOf(from)
        .map(({ network, name }) => ({ name, host: network.router.hypervisor }))
        .find(({ host }) => host?.bridges.every(({ uplink }) => uplink === undefined));
      if (closed?.host === undefined) continue;
      yield {
        at: origin,
        message: `"${closed.name}" cannot reach ${nameOf(to)}: "${closed.host.name}", its router, has no bridge with an uplink`,
        related: closed.host.bridges.map((bridge) => ({
          at: bridge.origin,
          message: `"${bridge.name}" leads nowhere`,
        })),
        help: 'say the `uplink` of the bridge that leads out',
      };
    }
  },
});

function isOutside(cluster: Cluster, to: Place): boolean {
  return to.kind !== 'hypervisor' && networksIn(cluster, to).every((network) => network === undefined);
}
