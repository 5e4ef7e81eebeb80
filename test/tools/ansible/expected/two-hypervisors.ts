import {
  apiFrontend,
  type ExpectedInventory,
  firewall,
  loadBalancing,
  sysctls,
  tcp,
  toApi,
  toHosts,
} from './inventory.ts';

const masters = ['master1', 'master2', 'master3'];
const common = {
  api_vip: '192.168.0.55',
  kubernetes_ready_status: [200],
  verify_targets: [
    toHosts('lb1', 'masters', tcp(6443)),
    toHosts('lb2', 'masters', tcp(6443)),
    toApi('kubernetes'),
    toHosts('kvm2', 'kvm1', tcp(22)),
  ],
};
const node = (ip: string) => ({ ansible_host: ip, ...common });

interface Sides {
  readonly name: string;
  readonly lan: string;
  readonly san: string;
  readonly route: object;
}

/** Both are alike but for their addresses and what is behind the other one. */
const hypervisor = ({ name, lan, san, route }: Sides) => ({
  ...node(lan),
  ansible_user: 'ops',
  host_bridges: [
    {
      name: 'br0',
      kind: 'linux',
      uplink: 'eno1',
      addresses: [`${lan}/24`],
      gateway: '192.168.0.1',
      routes: [route],
      dns: ['192.168.0.1'],
      profiles: ['linux-bridge', 'linux-port'],
      activate: ['br0-linux-bridge', 'br0-linux-port'],
    },
    {
      name: 'br1',
      kind: 'linux',
      uplink: 'eno2',
      addresses: [`${san}/24`],
      dns: ['192.168.0.1'],
      profiles: ['linux-bridge', 'linux-port'],
      activate: ['br1-linux-bridge', 'br1-linux-port'],
    },
  ],
  host_sysctls: sysctls('br0', 'br1'),
  ...firewall('duo'),
  firewall_source: `{{ inventory_dir }}/../../nftables/${name}.conf`,
});

const loadBalancer = (ip: string) => ({
  ...node(ip),
  ...loadBalancing,
  node_routes: [
    { to: '10.17.4.0/24', via: '192.168.0.41' },
    { to: '10.17.5.0/24', via: '192.168.0.42' },
    { to: '10.17.6.0/24', via: '192.168.0.41' },
  ],
  vips: [
    {
      name: 'api',
      address: '{{ api_vip }}',
      prefix: 24,
      vrid: 55,
      members: [
        { name: 'lb1', priority: 150 },
        { name: 'lb2', priority: 140 },
      ],
      frontends: [apiFrontend],
    },
  ],
});

export const twoHypervisors: ExpectedInventory = {
  groups: {
    hypervisors: ['kvm1', 'kvm2'],
    nodes: ['lb1', 'lb2', ...masters, 'storage1', 'storage2', 'worker1', 'worker2'],
    vip_members: ['lb1', 'lb2'],
    kubernetes: [...masters, 'storage1', 'storage2', 'worker1', 'worker2'],
    load_balancers: ['lb1', 'lb2'],
    masters,
    storage: ['storage1', 'storage2'],
    workers: ['worker1', 'worker2'],
    kube1: ['master1', 'master3', 'storage1', 'worker1'],
    kube2: ['master2', 'storage2', 'worker2'],
    lan: ['lb1', 'lb2'],
    san: ['storage1', 'storage2'],
  },
  hostvars: {
    kvm1: hypervisor({
      name: 'kvm1',
      lan: '192.168.0.41',
      san: '10.17.6.1',
      route: { to: '10.17.5.0/24', via: '192.168.0.42' },
    }),
    kvm2: hypervisor({
      name: 'kvm2',
      lan: '192.168.0.42',
      san: '10.17.6.2',
      route: { to: '10.17.4.0/24', via: '192.168.0.41' },
    }),
    lb1: loadBalancer('192.168.0.51'),
    lb2: loadBalancer('192.168.0.52'),
    master1: node('10.17.4.21'),
    master2: node('10.17.5.22'),
    master3: node('10.17.4.23'),
    storage1: { ...node('10.17.4.41'), node_interface: 'eth0' },
    storage2: { ...node('10.17.5.42'), node_interface: 'eth0' },
    worker1: node('10.17.4.31'),
    worker2: node('10.17.5.32'),
  },
};
