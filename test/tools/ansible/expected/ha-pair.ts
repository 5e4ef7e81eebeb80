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

const masters = ['master1', 'master2', 'master3'];
const workers = ['worker1', 'worker2'];
const toIngress = (port: number) => ({
  from: 'kubernetes',
  to: 'ingress',
  address: '{{ ingress_vip }}',
  ...tcp(port),
});
const common = {
  api_vip: '192.168.1.60',
  ingress_vip: '192.168.1.61',
  ...k3sReady,
  verify_targets: [
    ...['lb1', 'lb2'].map((lb) => toHosts(lb, 'masters', tcp(6443))),
    toApi('kubernetes'),
    ...[30080, 30443].flatMap((port) => ['lb2', 'lb1'].map((lb) => toHosts(lb, 'workers', tcp(port)))),
    ...[80, 443].map(toIngress),
  ],
};
const node = (ip: string) => ({ ansible_host: ip, ...common });
const flatcar = (ip: string) => ({ ...node(ip), ansible_user: 'core' });
const toNodePorts = (name: string, port: number, nodePort: number) => ({
  name: `ingress.${name}`,
  port,
  backend_group: 'workers',
  backend_port: nodePort,
  check: 'tcp',
});
const loadBalancer = (ip: string) => ({
  ...node(ip),
  ...loadBalancing,
  node_routes: [{ to: '10.17.4.0/24', via: '192.168.1.10' }],
  vips: [
    {
      name: 'api',
      address: '{{ api_vip }}',
      prefix: 24,
      vrid: 60,
      members: [
        { name: 'lb1', priority: 150 },
        { name: 'lb2', priority: 140 },
      ],
      frontends: [apiFrontend],
    },
    {
      name: 'ingress',
      address: '{{ ingress_vip }}',
      prefix: 24,
      vrid: 61,
      members: [
        { name: 'lb2', priority: 150 },
        { name: 'lb1', priority: 140 },
      ],
      frontends: [toNodePorts('http', 80, 30080), toNodePorts('https', 443, 30443)],
    },
  ],
});
export const haPair: ExpectedInventory = {
  groups: {
    hypervisors: ['kvm1'],
    nodes: ['lb1', 'lb2', ...masters, ...workers],
    vip_members: ['lb1', 'lb2'],
    kubernetes: [...masters, ...workers],
    load_balancers: ['lb1', 'lb2'],
    masters,
    workers,
    lan: ['lb1', 'lb2'],
    kube: [...masters, ...workers],
  },
  hostvars: {
    kvm1: {
      ...node('192.168.1.10'),
      host_bridges: [
        {
          name: 'br0',
          kind: 'linux',
          uplink: 'enp4s0f1',
          addresses: ['192.168.1.10/24'],
          gateway: '192.168.1.1',
          dns: ['192.168.1.1'],
          profiles: ['linux-bridge', 'linux-port'],
          activate: ['br0-linux-bridge', 'br0-linux-port'],
        },
      ],
      host_sysctls: sysctls('br0'),
      ...firewall('ha-pair'),
      dhcp_networks: [
        {
          name: 'kube',
          bridge_mac: '52:54:00:3a:ed:a4',
          router: '10.17.4.1',
          range: { first: '10.17.4.100', last: '10.17.4.199' },
          reservations: [
            { name: 'worker1', mac: '52:54:00:4a:10:31', ip: '10.17.4.31' },
            { name: 'worker2', mac: '52:54:00:4a:10:32', ip: '10.17.4.32' },
          ],
        },
      ],
    },
    lb1: loadBalancer('192.168.1.51'),
    lb2: loadBalancer('192.168.1.52'),
    master1: flatcar('10.17.4.21'),
    master2: flatcar('10.17.4.22'),
    master3: flatcar('10.17.4.23'),
    worker1: flatcar('10.17.4.31'),
    worker2: flatcar('10.17.4.32'),
  },
};
