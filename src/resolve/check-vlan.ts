import type { Finding } from '../diagnostics/diagnostic.ts';
import { interfaceOf } from './addressing.ts';
import type { Network, NetworkBridge } from './cluster.ts';

/** Only Open vSwitch knows tags; as the router of a tagged network a hypervisor has an interface with a name of its own. */
export function checkVlan(network: Network): Finding[] {
  return network.vlan === undefined ? [] : network.bridges.flatMap((bridge) => checkBridge(network, bridge));
}

function checkBridge({ vlan, origin, router }: Network, { hypervisor, name }: NetworkBridge): Finding[] {
  const bridge = hypervisor.bridges.find((candidate) => candidate.name === name);
  const at = [...origin, 'vlan'];
  const related = bridge === undefined ? [] : [{ at: bridge.origin, message: 'the bridge is here' }];
  if (bridge?.kind !== 'openvswitch') {
    const message = `"${name}" is a Linux bridge, and libvirt tags VLANs on Open vSwitch only`;
    return [{ rule: 'wrong-place', at, message, related, help: 'say `kind: openvswitch` on the bridge' }];
  }
  const port = interfaceOf(name, vlan);
  const what = `"${hypervisor.name}", the router of this VLAN, gets the interface "${port}" there`;
  if (router.hypervisor !== hypervisor) return [];
  const other = hypervisor.bridges.find((candidate) => candidate.name === port);
  if (other !== undefined) {
    const message = `${what}, which is the name of another bridge`;
    const there = [{ at: other.origin, message: 'that bridge is here' }];
    return [{ rule: 'duplicate-name', at, message, related: there, help: 'give that bridge another name' }];
  }
  if (port.length <= 15) return [];
  const message = `${what}, and Linux has no names of interfaces over 15 characters`;
  return [{ rule: 'wrong-value', at, message, related, help: 'give the bridge a shorter name' }];
}
