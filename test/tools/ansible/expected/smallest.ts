import {
  apiFrontend,
  type ExpectedInventory,
  firewall,
  k3sReady,
  loadBalancing,
  sysctls,
  tcp,
  toApi,
  toHosts,
} from './inventory.ts';

const common = {
  api_vip: '192.168.0.55',
  ...k3sReady,
  verify_targets: [
    toHosts('lb1', 'masters', tcp(6443)),
    toHosts('lb2', 'masters', tcp(6443)),
    toApi('kubernetes'),
  ],
};
const node = (ip: string) => ({ ansible_host: ip, ...common });
const loadBalancer = (ip: string) => ({
  ...node(ip),
  ...loadBalancing,
  node_routes: [{ to: '10.17.4.0/24', via: '192.168.0.40' }],
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
export const smallest: ExpectedInventory = {
  groups: {
    hypervisors: ['kvm1'],
    nodes: ['lb1', 'lb2', 'master1', 'worker1'],
    vip_members: ['lb1', 'lb2'],
    kubernetes: ['master1', 'worker1'],
    load_balancers: ['lb1', 'lb2'],
    masters: ['master1'],
    workers: ['worker1'],
    lan: ['lb1', 'lb2'],
    kube: ['master1', 'worker1'],
  },
  hostvars: {
    kvm1: {
      ...node('192.168.0.40'),
      host_bridges: [
        {
          name: 'br0',
          kind: 'linux',
          uplink: 'enp4s0f1',
          addresses: ['192.168.0.40/24'],
          gateway: '192.168.0.1',
          dns: ['192.168.0.1'],
          profiles: ['linux-bridge', 'linux-port'],
          activate: ['br0-linux-bridge', 'br0-linux-port'],
        },
      ],
      host_sysctls: sysctls('br0'),
      ...firewall('home'),
      dhcp_networks: [
        {
          name: 'kube',
          bridge_mac: '52:54:00:b6:68:34',
          router: '10.17.4.1',
          range: { first: '10.17.4.100', last: '10.17.4.199' },
          reservations: [],
        },
      ],
    },
    lb1: loadBalancer('192.168.0.50'),
    lb2: loadBalancer('192.168.0.51'),
    master1: node('10.17.4.21'),
    worker1: node('10.17.4.24'),
  },
};
