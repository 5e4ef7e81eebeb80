import { describe, expect, it } from 'vitest';
import { compileText, TWO_HOSTS } from '../../test/support/compile.ts';
import { bridgeAddresses, bridgeGateway, bridgeRoutes, nodeRoutes } from './addressing.ts';
import type { Cluster } from './cluster.ts';
import { rootModules } from './root-modules.ts';

const pair = compileText(TWO_HOSTS);

/** The addresses, gateway and routes of a hypervisor's only bridge. */
function bridgeOf(cluster: Cluster, name: string) {
  const hypervisor = cluster.hypervisors.find((candidate) => candidate.name === name);
  const [bridge] = hypervisor?.bridges ?? [];
  if (hypervisor === undefined || bridge === undefined) throw new Error(`no bridge on ${name}`);
  const at = { hypervisor, bridge };
  return {
    addresses: bridgeAddresses(cluster, at).map(({ ip, prefix }) => `${ip}/${prefix}`),
    gateway: bridgeGateway(cluster, at)?.toString(),
    routes: bridgeRoutes(cluster, at).map(({ to, via }) => `${to} via ${via}`),
  };
}

function routesOf(cluster: Cluster, name: string): string[] {
  const node = cluster.nodes.find((candidate) => candidate.name === name);
  if (node === undefined) throw new Error(`no node ${name}`);
  return nodeRoutes(cluster, node).map(
    ({ to, via, nic }) => `${to} via ${via} by ${nic.interface ?? 'its card'}`,
  );
}

function placesOf(cluster: Cluster, name: string): string[] {
  const network = cluster.networks.find((candidate) => candidate.name === name);
  return (network?.bridges ?? []).map((bridge) => `${bridge.hypervisor.name} ${bridge.name}`);
}

describe('two hypervisors on one LAN', () => {
  it('both have the network of the LAN, and each the one that it makes', () => {
    expect(placesOf(pair, 'lan')).toEqual(['kvm1 br0', 'kvm2 br0']);
    expect(placesOf(pair, 'kube1')).toEqual(['kvm1 virbr_kube']);
    expect(placesOf(pair, 'kube2')).toEqual(['kvm2 virbr_kube']);
  });

  it('know the way to the networks of one another', () => {
    expect(bridgeOf(pair, 'kvm1')).toEqual({
      addresses: ['192.168.0.41/24'],
      gateway: '192.168.0.1',
      routes: ['10.20.2.0/24 via 192.168.0.42'],
    });
    expect(bridgeOf(pair, 'kvm2').routes).toEqual(['10.20.1.0/24 via 192.168.0.41']);
  });

  it('give the nodes of the LAN a route to the networks of each', () => {
    expect(routesOf(pair, 'lb2')).toEqual([
      '10.20.1.0/24 via 192.168.0.41 by its card',
      '10.20.2.0/24 via 192.168.0.42 by its card',
    ]);
  });

  it('give a node no route to a network that it has a card in', () => {
    expect(routesOf(pair, 'backup1')).toEqual(['10.20.1.0/24 via 192.168.0.41 by eth1']);
  });

  it('run the nodes of their own networks, without anybody saying so', () => {
    const hosts = pair.nodes.map(({ name, hypervisor }) => `${name} ${hypervisor.name}`);
    expect(hosts).toEqual(['backup1 kvm2', 'lb1 kvm1', 'lb2 kvm2', 'master1 kvm1', 'master2 kvm2']);
  });

  it('have a folder of Terraform each', () => {
    const folders = [...rootModules(pair.networks)].map(([dir, items]) => [
      dir,
      items.map(({ bridge }) => bridge.terraform.resource),
    ]);
    expect(folders).toEqual([
      ['kvm1', ['kube1', 'lan']],
      ['kvm2', ['kube2', 'lan']],
    ]);
  });

  it('share a folder where the model says so, each with a resource of its own', () => {
    const shared = compileText(
      TWO_HOSTS.replace('router: 192.168.0.1 }', 'router: 192.168.0.1, terraform: { dir: lan } }'),
    );
    const labels = rootModules(shared.networks)
      .get('lan')
      ?.map(({ bridge }) => bridge.terraform.resource);
    expect(labels).toEqual(['lan_kvm1', 'lan_kvm2']);
  });

  it('need a word on who routes a network of both, and the others learn the way', () => {
    const flat = compileText(
      TWO_HOSTS.replace(
        'networks:\n',
        'networks:\n  flat: { cidr: 10.20.3.0/24, bridge: br0, mode: bridge, router: { owner: kvm2 } }\n',
      ),
    );
    expect(bridgeOf(flat, 'kvm2').addresses).toEqual(['192.168.0.42/24', '10.20.3.1/24']);
    expect(bridgeOf(flat, 'kvm1').addresses).toEqual(['192.168.0.41/24']);
    expect(bridgeOf(flat, 'kvm1').routes).toContain('10.20.3.0/24 via 192.168.0.42');
  });
});

describe('a node with several cards', () => {
  it('has the address of the one that is said, or else of the first by name', () => {
    const addressOf = (cluster: Cluster) =>
      cluster.nodes.find(({ name }) => name === 'backup1')?.ip.toString();
    expect(addressOf(pair)).toBe('192.168.0.60');
    expect(addressOf(compileText(TWO_HOSTS.replace('    primary: eth1\n', '')))).toBe('10.20.2.60');
  });
});
