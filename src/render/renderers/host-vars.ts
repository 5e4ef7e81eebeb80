import { tableName } from '../../firewall/build-ruleset.ts';
import {
  bridgeAddresses,
  bridgeGateway,
  bridgeOn,
  bridgeRoutes,
  interfaceOf,
  nodeRoutes,
  type Route,
  routedNetworks,
} from '../../resolve/addressing.ts';
import type { Bridge, Cluster, Hypervisor } from '../../resolve/cluster.ts';
import { compareNames } from '../../resolve/compare-names.ts';
import { groupBy } from '../../resolve/group-by.ts';
import { reservedNodes, servesDhcp } from '../../resolve/reservations.ts';
import { defineRenderer } from '../renderer.ts';
import { rulesetFile } from './firewall.ts';

export const nodeVars = defineRenderer({
  id: 'node-vars',
  template: 'ansible/inventory/host_vars/[node]/vars.yml.njk',
  *jobs(cluster) {
    for (const node of cluster.nodes) {
      const routes = nodeRoutes(cluster, node).map(routeView);
      if (routes.length === 0 && node.interface === undefined) continue;
      yield { params: { node: node.name }, view: { interface: node.interface ?? '', routes } };
    }
  },
});

export const hypervisorVars = defineRenderer({
  id: 'hypervisor-vars',
  template: 'ansible/inventory/host_vars/[hypervisor]/vars.yml.njk',
  *jobs(cluster) {
    for (const hypervisor of cluster.hypervisors) {
      const hasOpenVSwitch = hypervisor.bridges.some(({ kind }) => kind === 'openvswitch');
      const bridges = [
        ...hypervisor.bridges.map((bridge) => bridgeView(cluster, hypervisor, bridge)),
        ...vlanViews(cluster, hypervisor),
      ];
      yield {
        params: { hypervisor: hypervisor.name },
        view: {
          bridges,
          openvswitch: hasOpenVSwitch ? hypervisor.openvswitch : '',
          firewall: {
            table: tableName(cluster),
            path: cluster.firewallPath,
            file: rulesetFile(cluster, hypervisor),
          },
          sysctls: sysctls(bridges),
          servesDhcp: servesDhcp(cluster),
          networks: dhcpNetworks(cluster, hypervisor),
        },
      };
    }
  },
});

function routeView({ to, via }: Route) {
  return { to: to.toString(), via: via.toString() };
}

/** The profiles that make each kind of bridge, and which of them bring up the others. */
const PROFILES = {
  linux: {
    always: ['linux-bridge'],
    uplink: ['linux-port'],
    activate: 'linux-bridge',
    activateUplink: 'linux-port',
  },
  openvswitch: {
    always: ['ovs-bridge', 'ovs-port', 'ovs-interface'],
    uplink: ['ovs-uplink-port', 'ovs-uplink'],
    activate: 'ovs-interface',
    activateUplink: 'ovs-uplink',
  },
} as const;

/** A port of a bridge that is there already. */
const VLAN_PROFILES = ['ovs-port', 'ovs-interface'] as const;

function bridgeView(cluster: Cluster, hypervisor: Hypervisor, bridge: Bridge) {
  const { always, uplink, activate, activateUplink } = PROFILES[bridge.kind];
  const hasUplink = bridge.uplink !== undefined;
  const at = { hypervisor, bridge };
  return {
    name: bridge.name,
    kind: bridge.kind,
    parent: '',
    vlan: 0,
    uplink: bridge.uplink ?? '',
    addresses: bridgeAddresses(cluster, at).map(({ ip, prefix }) => `${ip}/${prefix}`),
    gateway: bridgeGateway(cluster, at)?.toString() ?? '',
    routes: bridgeRoutes(cluster, at).map(routeView),
    dns: bridge.ip === undefined ? [] : hypervisor.dns.map(String),
    profiles: hasUplink ? [...always, ...uplink] : always,
    activate: [activate, ...(hasUplink ? [activateUplink] : [])].map(
      (profile) => `${bridge.name}-${profile}`,
    ),
  };
}

/** As the router of tagged networks the hypervisor has a port with their tag, and an interface there. */
function vlanViews(cluster: Cluster, hypervisor: Hypervisor) {
  const tagged = routedNetworks(cluster, hypervisor).flatMap((network) => {
    const { vlan, router, cidr } = network;
    const parent = bridgeOn(network, hypervisor);
    if (vlan === undefined || parent === undefined) return [];
    return { name: interfaceOf(parent, vlan), parent, vlan, address: `${router.ip}/${cidr.prefix}` };
  });
  const ports = [...groupBy(tagged, ({ name }) => name)].sort(([a], [b]) => compareNames(a, b));
  return ports.flatMap(([name, [first, ...others]]) =>
    first === undefined
      ? []
      : {
          name,
          kind: 'openvswitch',
          parent: first.parent,
          vlan: first.vlan,
          uplink: '',
          addresses: [first, ...others].map(({ address }) => address),
          gateway: '',
          routes: [],
          dns: [],
          profiles: VLAN_PROFILES,
          activate: VLAN_PROFILES.slice(-1).map((profile) => `${name}-${profile}`),
        },
  );
}

/**
 * Forwarding, and no ICMP redirects: they would tell guests of two networks on one bridge to go past the firewall.
 * An interface redirects if either `all` or its own setting says so (kernel, Documentation/networking/ip-sysctl.rst).
 */
function sysctls(bridges: readonly { readonly name: string }[]) {
  const interfaces = ['all', 'default', ...bridges.map(({ name }) => name.replaceAll('.', '/'))];
  return [
    { name: 'net.ipv4.ip_forward', value: '1' },
    ...interfaces.map((name) => ({ name: `net.ipv4.conf.${name}.send_redirects`, value: '0' })),
  ];
}

function dhcpNetworks(cluster: Cluster, hypervisor: Hypervisor) {
  return cluster.networks.flatMap((network) => {
    const { name, dhcp, mac, router, natPorts } = network;
    if (dhcp === undefined || mac === undefined || router.hypervisor !== hypervisor) return [];
    return {
      name,
      mac: mac.toString(),
      router: router.ip.toString(),
      range: { first: dhcp.first.toString(), last: dhcp.last.toString() },
      natPorts: { first: natPorts?.first ?? 0, last: natPorts?.last ?? 0 },
      hosts: reservedNodes(cluster, network),
    };
  });
}
