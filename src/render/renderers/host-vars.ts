import { tableName } from '../../firewall/build-ruleset.ts';
import {
  bridgeAddresses,
  bridgeGateway,
  bridgeRoutes,
  nodeRoutes,
  type Route,
  reservedNodes,
} from '../../resolve/addressing.ts';
import type { Bridge, Cluster, Hypervisor } from '../../resolve/cluster.ts';
import { defineRenderer } from '../renderer.ts';
import { rulesetName } from './firewall.ts';

export const nodeVars = defineRenderer({
  id: 'node-vars',
  template: 'ansible/inventory/host_vars/[node].yml.njk',
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
  template: 'ansible/inventory/host_vars/[hypervisor].yml.njk',
  *jobs(cluster) {
    for (const hypervisor of cluster.hypervisors) {
      const hasOpenVSwitch = hypervisor.bridges.some(({ kind }) => kind === 'openvswitch');
      yield {
        params: { hypervisor: hypervisor.name },
        view: {
          bridges: hypervisor.bridges.map((bridge) => bridgeView(cluster, hypervisor, bridge)),
          openvswitch: hasOpenVSwitch ? hypervisor.openvswitch : '',
          firewall: {
            table: tableName(cluster),
            path: cluster.firewallPath,
            file: `${rulesetName(cluster, hypervisor)}.conf`,
          },
          sysctls: sysctls(hypervisor),
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

function bridgeView(cluster: Cluster, hypervisor: Hypervisor, bridge: Bridge) {
  const { always, uplink, activate, activateUplink } = PROFILES[bridge.kind];
  const hasUplink = bridge.uplink !== undefined;
  const at = { hypervisor, bridge };
  return {
    name: bridge.name,
    kind: bridge.kind,
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

/**
 * Forwarding, and no ICMP redirects: they would tell guests of two networks on one bridge to go past the firewall.
 * An interface redirects if either `all` or its own setting says so (kernel, Documentation/networking/ip-sysctl.rst).
 */
function sysctls({ bridges }: Hypervisor) {
  const interfaces = ['all', 'default', ...bridges.map(({ name }) => name.replaceAll('.', '/'))];
  return [
    { name: 'net.ipv4.ip_forward', value: '1' },
    ...interfaces.map((name) => ({ name: `net.ipv4.conf.${name}.send_redirects`, value: '0' })),
  ];
}

function dhcpNetworks(cluster: Cluster, hypervisor: Hypervisor) {
  return cluster.networks.flatMap((network) => {
    const { name, dhcp, mac, router } = network;
    if (dhcp === undefined || mac === undefined || router.hypervisor !== hypervisor) return [];
    return {
      name,
      mac: mac.toString(),
      router: router.ip.toString(),
      range: { first: dhcp.first.toString(), last: dhcp.last.toString() },
      hosts: reservedNodes(cluster, network),
    };
  });
}
