import { bridgeOn, networksAt, routedNetworks } from '../resolve/addressing.ts';
import type { BridgeRef, Cluster, Hypervisor, Kubernetes, Network } from '../resolve/cluster.ts';
import { rangesOf } from '../resolve/subnets.ts';
import { groupNodes } from './group-nodes.ts';
import { summariseCrossings } from './summarise-crossings.ts';
import { type Host, leadsOutside, type NetworkBox, type Segment, type Topology } from './topology.ts';

const KINDS = { linux: 'Linux bridge', openvswitch: 'Open vSwitch' } as const;

/** What there is to see of a cluster. */
export function buildTopology(cluster: Cluster): Topology {
  return {
    name: cluster.name,
    facts: [cluster.domain, ...kubernetesFacts(cluster.kubernetes)],
    hosts: cluster.hypervisors.map((hypervisor) => hostOf(cluster, hypervisor)),
    crossings: summariseCrossings(cluster),
  };
}

function kubernetesFacts({ distribution, cni, podCidr, serviceCidr }: Kubernetes): string[] {
  return [`${distribution} with ${cni}`, `pods ${podCidr}`, `services ${serviceCidr}`];
}

function hostOf(cluster: Cluster, hypervisor: Hypervisor): Host {
  const { name, os, ip } = hypervisor;
  const segments = [...ownSegments(cluster, hypervisor), ...libvirtSegments(cluster, hypervisor)];
  const inner = segments.filter((segment) => !leadsOutside(segment));
  return { name, facts: [ip.toString(), os], segments: [...inner, ...segments.filter(leadsOutside)] };
}

function ownSegments(cluster: Cluster, hypervisor: Hypervisor): Segment[] {
  return hypervisor.bridges.flatMap(({ name, kind, uplink, ip }) => {
    const here = networksAt(cluster, hypervisor).filter(
      (network) => network.mode === 'bridge' && bridgeOn(network, hypervisor) === name,
    );
    const tags = [...new Set(here.flatMap(({ vlan }) => vlan ?? []))].sort((a, b) => a - b);
    return [undefined, ...tags].map((vlan) => {
      const networks = here.filter((network) => network.vlan === vlan);
      const [routed] = routedNetworks({ networks }, hypervisor);
      return {
        bridge: vlan === undefined ? name : `${name} VLAN ${vlan}`,
        kind: KINDS[kind],
        joined: joinedWith(cluster, hypervisor.name, name),
        uplink,
        ip: (vlan === undefined ? ip : routed?.router.ip)?.toString(),
        networks: networks.map((network) => networkBox(cluster, network, hypervisor)),
      };
    });
  });
}

function joinedWith({ segments }: Cluster, host: string, name: string): string[] {
  const isHere = ({ hypervisor, bridge }: BridgeRef) => hypervisor === host && bridge === name;
  const others = segments.filter(({ bridges }) => bridges.some(isHere)).flatMap(({ bridges }) => bridges);
  return others.filter((other) => !isHere(other)).map(({ hypervisor, bridge }) => `${hypervisor} ${bridge}`);
}

/** A network in any other mode has a bridge of its own. */
function libvirtSegments(cluster: Cluster, hypervisor: Hypervisor): Segment[] {
  return networksAt(cluster, hypervisor)
    .filter((network) => network.mode !== 'bridge')
    .map((network) => ({
      bridge: bridgeOn(network, hypervisor) ?? '',
      kind: network.mode === 'open' ? "libvirt's bridge" : `libvirt's bridge, ${network.mode} mode`,
      joined: [],
      uplink: undefined,
      ip: network.subnets.map(({ router }) => router).join(', '),
      networks: [networkBox(cluster, network, hypervisor)],
    }));
}

function networkBox(cluster: Cluster, network: Network, host: Hypervisor): NetworkBox {
  const { hypervisor, returnRoute } = network.router;
  const isFirst = network.bridges[0]?.hypervisor === host;
  return {
    id: isFirst ? network.name : `${network.name} ${host.name}`,
    name: network.name,
    cidr: rangesOf(network).join(', '),
    router: {
      ip: network.subnets.map((subnet) => subnet.router).join(', '),
      isOutside: hypervisor === undefined,
      owner: hypervisor === host ? 'host' : (hypervisor?.name ?? ''),
      returnRoute,
    },
    dhcp: network.dhcp?.toString(),
    foreignDhcp: network.foreignDhcp?.toString(),
    groups: groupNodes(cluster, network, host),
  };
}
