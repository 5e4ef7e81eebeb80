import {
  apiFrontend,
  type ExpectedInventory,
  firewall,
  k3sReady,
  loadBalancing,
  ping,
  sysctls,
  tcp,
  toApi,
  toHosts,
} from './inventory.ts';

const masters = ['master1', 'master2', 'master3'];
const workers = ['worker1', 'worker2', 'worker3'];
const common = {
  api_vip: '192.168.0.55',
  ...k3sReady,
  verify_targets: [
    toHosts('k8s-api-lb', 'masters', tcp(6443)),
    toApi('kubernetes'),
    ...['01', '02', '03'].map((network) => toHosts(`kube_network_${network}`, 'infra-cluster', tcp(53))),
    toHosts('kube_network_01', 'masters', tcp(6443)),
    toHosts('masters', 'k8s-api-lb', ping),
    toHosts('masters', 'infra-cluster', ping),
    { from: 'masters', to: '192.168.0.1', address: '192.168.0.1', probe: 'ping' },
    { from: 'masters', to: '8.8.8.8', address: '8.8.8.8', probe: 'ping' },
    toApi('masters'),
    toHosts('masters', 'infra-cluster', tcp(53)),
  ],
};
const node = (ip: string) => ({ ansible_host: ip, ...common });
const flatcar = (ip: string) => ({ ...node(ip), ansible_user: 'core' });
export const reference: ExpectedInventory = {
  groups: {
    hypervisors: ['virtualizacion-server'],
    nodes: [
      'infra-cluster',
      'k8s-api-lb',
      'load-balancer1',
      'load-balancer2',
      ...masters,
      'postgresql1',
      'storage1',
      ...workers,
    ],
    vip_members: ['k8s-api-lb'],
    kubernetes: [...masters, 'storage1', ...workers],
    masters,
    workers,
    storage: ['storage1'],
    database: ['postgresql1'],
    infra: ['infra-cluster'],
    ingress: ['load-balancer1', 'load-balancer2'],
    load_balancers: ['k8s-api-lb'],
    kube_network_01: ['k8s-api-lb'],
    kube_network_02: ['infra-cluster', 'load-balancer1', 'load-balancer2', 'postgresql1'],
    kube_network_03: [...masters, 'storage1', ...workers],
  },
  hostvars: {
    'virtualizacion-server': {
      ...node('192.168.0.40'),
      host_bridges: [
        {
          name: 'br0',
          kind: 'openvswitch',
          uplink: 'enp4s0f1',
          addresses: ['192.168.0.40/24', '10.17.3.1/24', '10.17.4.1/24'],
          gateway: '192.168.0.1',
          dns: ['192.168.0.1'],
          profiles: ['ovs-bridge', 'ovs-port', 'ovs-interface', 'ovs-uplink-port', 'ovs-uplink'],
          activate: ['br0-ovs-interface', 'br0-ovs-uplink'],
        },
      ],
      host_sysctls: sysctls('br0'),
      openvswitch_package: 'openvswitch3.3',
      ...firewall('flatcar-microcloud'),
    },
    'k8s-api-lb': {
      ...node('192.168.0.50'),
      ...loadBalancing,
      node_routes: [
        { to: '10.17.3.0/24', via: '192.168.0.40' },
        { to: '10.17.4.0/24', via: '192.168.0.40' },
      ],
      vips: [
        {
          name: 'api',
          address: '{{ api_vip }}',
          prefix: 24,
          vrid: 55,
          members: [{ name: 'k8s-api-lb', priority: 150 }],
          frontends: [apiFrontend],
        },
      ],
    },
    'infra-cluster': node('10.17.3.11'),
    'load-balancer1': node('10.17.3.12'),
    'load-balancer2': node('10.17.3.13'),
    postgresql1: node('10.17.3.14'),
    master1: flatcar('10.17.4.21'),
    master2: flatcar('10.17.4.22'),
    master3: flatcar('10.17.4.23'),
    worker1: flatcar('10.17.4.24'),
    worker2: flatcar('10.17.4.25'),
    worker3: flatcar('10.17.4.26'),
    storage1: flatcar('10.17.4.27'),
  },
};
