import { describe, expect, it } from 'vitest';
import { compileText, mistakesIn, SMALLEST } from '../../test/support/compile.ts';
import { bridgeAddresses, bridgeGateway, dnsServersOf, nodeRoutes } from './addressing.ts';
import type { Cluster } from './cluster.ts';
import { nameOf } from './name-of.ts';

const smallest = compileText(SMALLEST);

function network(cluster: Cluster, name: string) {
  const found = cluster.networks.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no network ${name}`);
  return found;
}

function node(cluster: Cluster, name: string) {
  const found = cluster.nodes.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no node ${name}`);
  return found;
}

function routesOf(cluster: Cluster, name: string): string[] {
  return nodeRoutes(cluster, node(cluster, name)).map(({ to, via }) => `${to} via ${via}`);
}

/** The flows: from, to, ports. */
function lines({ flows }: Cluster): string[] {
  return flows.map(({ from, to, ports }) =>
    `${from.map(nameOf).join('+')} > ${to.map(nameOf).join('+')} ${ports.join(',')}`.trim(),
  );
}

describe('what follows from the smallest model', () => {
  it('a router that is not said is the first address, and the hypervisor has it', () => {
    const { router } = network(smallest, 'kube');
    expect({ ...router, ip: String(router.ip), hypervisor: router.hypervisor?.name }).toEqual({
      ip: '10.17.4.1',
      hypervisor: 'kvm1',
      returnRoute: false,
      onLink: false,
    });
  });

  it('a router is outside where the hypervisor has another address of its own', () => {
    expect(network(smallest, 'lan').router.hypervisor).toBeUndefined();
  });

  it('the VRID is the last octet of the VIP, and priorities go down in the order of members', () => {
    const [vip] = smallest.vips;
    expect(vip?.vrid).toBe(55);
    expect(vip?.members.map(({ node: { name }, priority }) => `${name} ${priority}`)).toEqual([
      'lb1 150',
      'lb2 140',
    ]);
  });

  it("a backend's port is its frontend's, and the API is checked by /readyz", () => {
    const [frontend] = smallest.vips[0]?.frontends ?? [];
    expect(frontend).toMatchObject({ name: 'api', port: 6443, backendPort: 6443, check: 'readyz' });
  });

  it('load balancers reach the networks behind the hypervisor through its address on their own network', () => {
    expect(routesOf(smallest, 'lb1')).toEqual(['10.17.4.0/24 via 192.168.0.40']);
    expect(routesOf(smallest, 'master1')).toEqual([]);
  });

  it('guests ask libvirt for names where no node provides DNS, and on the LAN its router', () => {
    expect(network(smallest, 'kube').dns.map(String)).toEqual(['10.17.4.1']);
    expect(network(smallest, 'lan').dns.map(String)).toEqual(['192.168.0.1']);
  });

  it('the bridge that libvirt makes has a MAC address of QEMU, the same each time', () => {
    expect(String(network(smallest, 'kube').mac)).toMatch(/^52:54:00:/);
    expect(network(smallest, 'kube').mac).toEqual(network(compileText(SMALLEST), 'kube').mac);
    expect(network(smallest, 'lan').mac).toBeUndefined();
  });
});

describe('a node with a MAC address', () => {
  const withMac = (name: string) =>
    compileText(SMALLEST.replace(`${name}: {`, `${name}: { mac: 52:54:00:00:00:01,`));

  it('is reserved where libvirt serves DHCP', () => {
    expect(node(withMac('master1'), 'master1').addressing).toBe('reserved');
  });

  it('is static on a bridge of the host, where libvirt serves nothing', () => {
    expect(node(withMac('lb1'), 'lb1').addressing).toBe('static');
  });
});

describe('several networks on one bridge of the host', () => {
  const flat = compileText(
    SMALLEST.replace(
      'bridge: virbr_kube, mode: open, dhcp: 10.17.4.100-10.17.4.199',
      'bridge: br0, mode: bridge',
    ),
  );

  it('give the bridge its own address first and then those of the routers', () => {
    const [hypervisor] = flat.hypervisors;
    const [bridge] = hypervisor?.bridges ?? [];
    if (hypervisor === undefined || bridge === undefined) throw new Error('no bridge');
    const at = { hypervisor, bridge };
    expect(bridgeAddresses(flat, at).map(({ ip, prefix }) => `${ip}/${prefix}`)).toEqual([
      '192.168.0.40/24',
      '10.17.4.1/24',
    ]);
    expect(String(bridgeGateway(flat, at))).toBe('192.168.0.1');
  });
});

describe('a later edit', () => {
  const added = compileText(
    SMALLEST.replace(
      '  worker1:',
      '  another: { role: worker, network: kube, ip: 10.17.4.20 }\n  worker1:',
    ).replace('networks:\n', 'networks:\n  aaa: { cidr: 10.17.9.0/24, bridge: virbr_aaa, mode: open }\n'),
  );

  it('moves no address, MAC address, VRID or priority of others', () => {
    const facts = (cluster: Cluster) => ({
      nodes: cluster.nodes.map(({ name, ip, mac }) => `${name} ${ip} ${mac}`),
      networks: cluster.networks.map(({ name, mac, router }) => `${name} ${mac} ${router.ip}`),
      vips: cluster.vips.map(({ vrid, members }) => [vrid, members.map(({ priority }) => priority)]),
    });
    const before = facts(smallest);
    const after = facts(added);
    expect(after.nodes).toEqual(expect.arrayContaining(before.nodes));
    expect(after.networks).toEqual(expect.arrayContaining(before.networks));
    expect(after.vips).toEqual(before.vips);
  });
});

describe('flows', () => {
  it('are those that a K3s cluster needs', () => {
    expect(lines(smallest)).toEqual([
      'kvm1 > nodes+kvm1 22',
      'lb1+lb2 > master 6443',
      'kubernetes > api 6443',
      'kubernetes > master 6443',
      'master > master 2379-2380',
      'kubernetes > kubernetes 10250',
      'kubernetes > kubernetes 8472/udp',
      'kube > internet',
    ]);
  });

  it.each([
    ['rke2', 'kubernetes > master 9345'],
    ['{ distribution: kubeadm, cni: calico }', 'kubernetes > kubernetes 179'],
    ['{ distribution: kubeadm, cni: cilium }', 'kubernetes > kubernetes 4240'],
  ])('of %s have %s', (kubernetes, line) => {
    expect(lines(compileText(SMALLEST.replace('kubernetes: k3s', `kubernetes: ${kubernetes}`)))).toContain(
      line,
    );
  });

  it('reach the nodes that provide DNS and time', () => {
    const cluster = compileText(SMALLEST.replace('worker1: {', 'worker1: { provides: [dns, ntp],'));
    expect(lines(cluster)).toContain('nodes > worker1 53,53/udp');
    expect(lines(cluster)).toContain('nodes > worker1 123/udp');
  });
});

describe('DNS servers', () => {
  const said = SMALLEST.replace('mode: open,', 'mode: open, dns: [192.168.0.1, 9.9.9.9],');

  it('are let through where they are on another network of the model', () => {
    expect(lines(compileText(said))).toContain('kube > 192.168.0.1 53,53/udp');
    expect(lines(compileText(said)).join()).not.toContain('9.9.9.9');
  });

  it('that are nodes ask what the hypervisor asks, not themselves', () => {
    const cluster = compileText(SMALLEST.replace('worker1: {', 'worker1: { provides: [dns],'));
    expect(dnsServersOf(node(cluster, 'worker1')).map(String)).toEqual(['192.168.0.1']);
    expect(dnsServersOf(node(cluster, 'master1')).map(String)).toEqual(['10.17.4.24']);
    expect(lines(cluster)).toContain('worker1 > 192.168.0.1 53,53/udp');
  });
});

describe('Terraform', () => {
  it.each([
    ['on the hypervisor', 'kvm1', 'qemu:///system'],
    ['elsewhere', '192.168.0.10', 'qemu+ssh://192.168.0.40/system'],
  ])('that runs %s reaches libvirt there', (_where, controller, uri) => {
    const cluster = compileText(`controller: ${controller}\n${SMALLEST}`);
    expect(cluster.hypervisors.map(({ terraform }) => terraform.uri)).toEqual([uri]);
  });
});

describe('names', () => {
  it.each([
    [
      'a network that nobody has',
      'network: kube,',
      'network: kub,',
      '16:37 unknown-name: there is no network "kub"',
    ],
    ['a member that nobody is', '[lb1, lb2]', '[lb1, lb3]', '20:43 unknown-name: there is no node "lb3"'],
    [
      'a member that is a network',
      '[lb1, lb2]',
      '[lb1, lan]',
      '20:43 unknown-name: "lan" is a network; a node belongs here',
    ],
    [
      'a role that nobody has',
      'backends: master',
      'backends: masters',
      '20:71 unknown-name: there is no role "masters"',
    ],
    [
      'a bridge that the host has not',
      'bridge: br0, mode',
      'bridge: br1, mode',
      '10:40 unknown-name: "kvm1" has no bridge "br1", and in bridge mode libvirt makes none',
    ],
    [
      'a bridge of the host in open mode',
      'virbr_kube',
      'br0',
      '11:39 duplicate-name: libvirt makes the bridge of a network in open mode itself, but "br0" is a bridge of the host',
    ],
    [
      'a node called like a network',
      'worker1:',
      'kube:',
      '17:3 duplicate-name: the node "kube" is also the name of a network; nodes, roles, networks, VIPs and hypervisors share one set of names',
    ],
    [
      'a node called like an Ansible group',
      'worker1:',
      'workers:',
      '17:20 duplicate-name: "worker" becomes the Ansible group "workers", which is a host already',
    ],
    [
      'a role with a word of its own meaning',
      'role: worker',
      'role: nodes',
      '17:20 duplicate-name: the role "nodes" always means all nodes; nodes, roles, networks, VIPs and hypervisors share one set of names',
    ],
  ])('%s', (_what, from, to, mistake) => {
    expect(mistakesIn(SMALLEST.replace(from, to))).toEqual([mistake]);
  });
});

describe('addresses', () => {
  it.each([
    [
      'of a node outside its network',
      'ip: 10.17.4.24',
      'ip: 10.17.5.24',
      '17:47 address-outside-network: 10.17.5.24 is not in "kube" (10.17.4.0/24)',
    ],
    [
      'of a bridge in no network',
      'ip: 192.168.0.40',
      'ip: 192.168.9.40',
      '7:51 address-outside-network: 192.168.9.40 lies in no network on the bridge "br0", so its prefix length is unknown',
    ],
    [
      "of a VIP outside its members' network",
      'ip: 192.168.0.55',
      'ip: 192.168.1.55',
      '20:14 address-outside-network: 192.168.1.55 is not in "lan" (192.168.0.0/24), the network of its members',
    ],
  ])('%s', (_what, from, to, mistake) => {
    expect(mistakesIn(SMALLEST.replace(from, to))).toEqual([mistake]);
  });

  it('that end in .0 give no VRID', () => {
    const text = SMALLEST.replace('192.168.0.0/24', '192.168.0.0/16').replace('192.168.0.55', '192.168.1.0');
    expect(mistakesIn(text)).toEqual([
      '20:14 missing-key: the last octet of 192.168.1.0 is 0, which is no VRID',
    ]);
  });
});
