import type { Cluster, Hypervisor } from '../../resolve/cluster.ts';
import { reservedNodes } from '../../resolve/reservations.ts';
import { type NetworkOnBridge, rootModules } from '../../resolve/root-modules.ts';
import { rangesOf } from '../../resolve/subnets.ts';
import { defineRenderer } from '../renderer.ts';
import { rulesetFile } from './firewall.ts';

export const terraform = defineRenderer({
  id: 'terraform',
  template: 'terraform/[dir]/main.tf.njk',
  *jobs(cluster) {
    for (const [dir, networks] of rootModules(cluster.networks)) {
      yield { params: { dir }, view: moduleView(cluster, networks) };
    }
  },
});

/** A module for one hypervisor has the provider itself; one for several has an alias of it for each. */
function moduleView(cluster: Cluster, networks: readonly NetworkOnBridge[]) {
  const hypervisors = [...new Set(networks.map(({ bridge }) => bridge.hypervisor))];
  const alias = (hypervisor: Hypervisor) => (hypervisors.length > 1 ? identifier(hypervisor.name) : '');
  return {
    provider: hypervisors[0]?.terraform.provider,
    hypervisors: hypervisors.map((hypervisor) => ({
      alias: alias(hypervisor),
      uri: hypervisor.terraform.uri,
    })),
    networks: networks.map((network) => ({
      ...networkView(cluster, network),
      alias: alias(network.bridge.hypervisor),
    })),
  };
}

/** HCL's identifiers have no digit first (HCL native syntax specification, "Identifiers"). */
function identifier(name: string): string {
  return /^\d/.test(name) ? `_${name}` : name;
}

function networkView(cluster: Cluster, { network, bridge }: NetworkOnBridge) {
  const { name, mode, vlan, cidr, subnets, router, dhcp, mac, domain, natPorts, uuid } = network;
  const isBridge = mode === 'bridge';
  const kind = bridge.hypervisor.bridges.find((candidate) => candidate.name === bridge.name)?.kind ?? '';
  const isOpenVSwitch = kind === 'openvswitch';
  return {
    resource: bridge.terraform.resource,
    name,
    mode,
    providerMode: mode === 'isolated' ? 'none' : mode,
    bridge: bridge.name,
    firewall: rulesetFile(cluster, bridge.hypervisor),
    isBridge,
    kind,
    isOpenVSwitch,
    vlan: vlan ?? 0,
    uuid: uuid ?? '',
    natPorts: { first: natPorts?.first ?? 0, last: natPorts?.last ?? 0 },
    cidr: rangesOf(network).join(', '),
    ranges: rangesOf(network).map(String),
    domain,
    hasXslt: !isBridge || isOpenVSwitch || uuid !== undefined,
    mac: mac?.toString() ?? '',
    router: router.ip.toString(),
    // Which provider 0.8.3 gives the bridge (libvirt/network.go, getNetworkIPConfig).
    routerIsFirst: router.ip.equals(cidr.firstHost),
    ips: subnets.map((subnet) => ({
      address: subnet.router.toString(),
      prefix: subnet.cidr.prefix.toString(),
    })),
    servesDhcp: dhcp !== undefined,
    range: { first: dhcp?.first.toString() ?? '', last: dhcp?.last.toString() ?? '' },
    hosts: reservedNodes(cluster, network),
  };
}
