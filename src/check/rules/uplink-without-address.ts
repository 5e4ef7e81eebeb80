import { addressIn, bridgeOn, networksAt } from '../../resolve/addressing.ts';
import type { Bridge, Cluster, Hypervisor, Network } from '../../resolve/cluster.ts';
import { subnetOf } from '../../resolve/subnets.ts';
import { defineRule, type Violation } from '../rule.ts';

export const uplinkWithoutAddress = defineRule({
  id: 'uplink-without-address',
  severity: 'warning',
  docs: {
    summary: "a bridge takes the host's network card, and the host's address is not on the bridge",
    why: 'What arrives on a network card in a bridge goes to the bridge (`br_handle_frame` in net/bridge/br_input.c). An address that stays on the card answers nobody, so that a host with no other card can no longer be reached, by Ansible neither.',
    help: "Say the host's address as the `ip` of the bridge. A host that has another network card for itself says its address there as its own `ip`; that is in none of the bridge's networks.",
    fails:
      'hypervisors:\n  kvm1: { ip: 192.168.0.40, bridges: { br0: { ip: null } } }\nnetworks:\n  lan: { router: { ip: 192.168.0.1, owner: outside, returnRoute: true } }',
    passes:
      'hypervisors:\n  kvm1: { ip: 172.31.0.40, bridges: { br0: { ip: null } } }\nnetworks:\n  lan: { router: { ip: 192.168.0.1, owner: outside, returnRoute: true } }',
  },
  *check(cluster) {
    for (const hypervisor of cluster.hypervisors) {
      const uplinks = hypervisor.bridges.filter(({ uplink }) => uplink !== undefined);
      // An address in none of the bridges' own networks, or in a VLAN, is on a card that the model does not name.
      const around = networksAt(cluster, hypervisor).find(
        (network) => network.vlan === undefined && subnetOf(network, hypervisor.ip),
      );
      const bridge = uplinks.find(({ name }) => around && bridgeOn(around, hypervisor) === name);
      if (around === undefined) continue;
      if (bridge !== undefined) yield* ofAddressLeft(hypervisor, bridge, around);
      else if (!uplinks.some((uplink) => hasAddress(cluster, hypervisor, uplink)))
        yield* ofAddressInside(hypervisor, uplinks, around);
    }
  },
});

function hasAddress(cluster: Cluster, hypervisor: Hypervisor, { name }: Bridge): boolean {
  return networksAt(cluster, hypervisor).some(
    (network) => bridgeOn(network, hypervisor) === name && addressIn(network, hypervisor) !== undefined,
  );
}

/** The host's address is one of the bridge's network, but the bridge does not get it. */
function* ofAddressLeft(hypervisor: Hypervisor, bridge: Bridge, network: Network): Iterable<Violation> {
  const { ip, name, origin } = hypervisor;
  if (bridge.ip !== undefined || addressIn(network, hypervisor)?.equals(ip) === true) return;
  yield {
    at: [...bridge.origin, 'uplink'],
    message: `"${bridge.name}" takes "${bridge.uplink}", and ${ip}, the address of "${name}" in "${network.name}", is not on the bridge`,
    related: [{ at: [...origin, 'ip'], message: 'the address is here' }],
    help: `say \`ip: ${ip}\` on the bridge; if another network card has it, waive the rule`,
  };
}

/** The host has no address but in a network that ends at it. */
function* ofAddressInside(
  { name, ip }: Hypervisor,
  [bridge]: readonly Bridge[],
  network: Network,
): Iterable<Violation> {
  if (bridge === undefined) return;
  yield {
    at: [...bridge.origin, 'uplink'],
    message: `"${bridge.name}" takes "${bridge.uplink}", and "${name}" has no address but ${ip} in "${network.name}", which ends at the host`,
    related: [{ at: network.origin, message: 'that network is here' }],
    help: "say `ip` on the bridge; if another network card has the host's address, say that as the host's `ip`",
  };
}
