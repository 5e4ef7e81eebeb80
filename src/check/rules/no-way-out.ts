import { addressIn, networksAt } from '../../resolve/addressing.ts';
import type { Cluster, Hypervisor, Network, Place, Verification } from '../../resolve/cluster.ts';
import { nameOf } from '../../resolve/name-of.ts';
import { networksIn } from '../../resolve/networks-in.ts';
import { subnetOf } from '../../resolve/subnets.ts';
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
    if (cluster.firewallRules.some(({ rule }) => rule.includes('accept'))) return;
    const told = new Set<Hypervisor>();
    for (const verification of cluster.verifications) {
      const { from, to, origin } = verification;
      if (origin?.[0] !== 'verify' || !isOutside(cluster, to)) continue;
      const closed = sourcesOf(from)
        .map(({ network, name }) => ({ name, network, host: network.router.hypervisor }))
        .find(
          ({ network, host }) => host !== undefined && !leadsOut(cluster, { host, network }, verification),
        );
      if (closed?.host === undefined || told.has(closed.host)) continue;
      told.add(closed.host);
      yield {
        at: origin,
        message: `"${closed.name}" cannot reach ${nameOf(to)}: "${closed.host.name}", its router, has no bridge with an uplink`,
        related: [
          ...closed.host.bridges.map((bridge) => ({
            at: bridge.origin,
            message: `"${bridge.name}" leads nowhere`,
          })),
          ...besideOutside(cluster, closed.host)
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

/**
 * Whether packets of a network that a host routes get out there and back. Without an uplink no rule of ours lets them out
 * or masquerades them: then a flow has to be said, unless it is a ping, and a router beside the host has to know the way back.
 */
function leadsOut(
  cluster: Cluster,
  { host, network }: { readonly host: Hypervisor; readonly network: Network },
  { probe }: Verification,
): boolean {
  if (host.bridges.some(({ uplink }) => uplink !== undefined)) return true;
  const beside = networksAt(cluster, host);
  // libvirt masquerades by itself, on a card of the host's that the model does not name.
  if (network.mode === 'nat' && !beside.some((other) => subnetOf(other, host.ip))) return true;
  const isKnown = besideOutside(cluster, host).some(({ router }) => router.returnRoute);
  const isSaid = cluster.flows.some(
    (flow) => flow.origin !== undefined && flow.to.some(({ kind }) => kind === 'address'),
  );
  return isKnown && (probe.kind === 'ping' || isSaid);
}

/** The networks of routers outside that a host has an address in. */
function besideOutside(cluster: Cluster, host: Hypervisor): Network[] {
  return networksAt(cluster, host).filter(
    (network) => network.router.hypervisor === undefined && addressIn(network, host) !== undefined,
  );
}

function isOutside(cluster: Cluster, to: Place): boolean {
  return to.kind !== 'hypervisor' && networksIn(cluster, to).every((network) => network === undefined);
}
