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
const ingress = ['load-balancer1', 'load-balancer2'];
const members = ['k8s-api-lb', 'k8s-api-lb2'];
const common = {
  api_vip: '192.168.0.55',
  web_vip: '192.168.0.56',
  ...k3sReady,
  verify_targets: [
    ...members.map((member) => toHosts(member, 'masters', tcp(6443))),
    toApi('kubernetes'),
    ...[80, 443].flatMap((port) =>
      members.toReversed().map((member) => toHosts(member, 'ingress', tcp(port))),
    ),
    ...['01', '02', '03'].map((network) => toHosts(`kube_network_${network}`, 'infra-cluster', tcp(53))),
    toHosts('kubernetes', 'database', tcp(5432)),
    ...[30080, 30443].map((port) => toHosts('ingress', 'workers', tcp(port))),
    toHosts('masters', 'k8s-api-lb', ping),
    toHosts('masters', 'infra-cluster', ping),
    { from: 'masters', to: '192.168.0.1', address: '192.168.0.1', ...ping },
    { from: 'masters', to: '8.8.8.8', address: '8.8.8.8', ...ping },
    toApi('masters'),
    toHosts('masters', 'infra-cluster', tcp(53)),
  ],
};
const node = (ip: string) => ({ ansible_host: ip, ...common });
const flatcar = (ip: string) => ({ ...node(ip), ansible_user: 'core' });
const toIngress = (name: string, port: number) => ({
  name: `web.${name}`,
  port,
  backend_group: 'ingress',
  backend_port: port,
  check: 'tcp',
});
const loadBalancer = (ip: string) => ({
  ...node(ip),
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
      members: [
        { name: 'k8s-api-lb', priority: 150 },
        { name: 'k8s-api-lb2', priority: 140 },
      ],
      frontends: [apiFrontend],
    },
    {
      name: 'web',
      address: '{{ web_vip }}',
      prefix: 24,
      vrid: 56,
      members: [
        { name: 'k8s-api-lb2', priority: 150 },
        { name: 'k8s-api-lb', priority: 140 },
      ],
      frontends: [toIngress('http', 80), toIngress('https', 443)],
    },
  ],
});

export const openNetworks: ExpectedInventory = {
  groups: {
    hypervisors: ['virtualizacion-server'],
    nodes: ['infra-cluster', ...members, ...ingress, ...masters, 'postgresql1', 'storage1', ...workers],
    vip_members: members,
    kubernetes: [...masters, 'storage1', ...workers],
    masters,
    workers,
    storage: ['storage1'],
    database: ['postgresql1'],
    infra: ['infra-cluster'],
    ingress,
    load_balancers: members,
    kube_network_01: members,
    kube_network_02: ['infra-cluster', ...ingress, 'postgresql1'],
    kube_network_03: [...masters, 'storage1', ...workers],
  },
  hostvars: {
    'virtualizacion-server': {
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
      ...firewall('open-networks'),
      dhcp_networks: [
        {
          name: 'kube_network_02',
          bridge_mac: '52:54:00:6a:9b:7a',
          router: '10.17.3.1',
          range: { first: '10.17.3.100', last: '10.17.3.199' },
          reservations: [
            { name: 'infra-cluster', mac: '52:54:00:12:35:8e', ip: '10.17.3.11' },
            { name: 'load-balancer1', mac: '52:54:00:3a:00:ae', ip: '10.17.3.12' },
            { name: 'load-balancer2', mac: '52:54:00:fa:a1:a0', ip: '10.17.3.13' },
            { name: 'postgresql1', mac: '52:54:00:ce:eb:e6', ip: '10.17.3.14' },
          ],
        },
        {
          name: 'kube_network_03',
          bridge_mac: '52:54:00:8b:6a:b9',
          router: '10.17.4.1',
          range: { first: '10.17.4.100', last: '10.17.4.199' },
          reservations: [
            { name: 'master1', mac: '52:54:00:c6:ba:3c', ip: '10.17.4.21' },
            { name: 'master2', mac: '52:54:00:0a:f3:77', ip: '10.17.4.22' },
            { name: 'master3', mac: '52:54:00:e6:72:62', ip: '10.17.4.23' },
            { name: 'storage1', mac: '52:54:00:12:fe:92', ip: '10.17.4.27' },
            { name: 'worker1', mac: '52:54:00:96:a9:cb', ip: '10.17.4.24' },
            { name: 'worker2', mac: '52:54:00:8e:01:97', ip: '10.17.4.25' },
            { name: 'worker3', mac: '52:54:00:da:fe:c8', ip: '10.17.4.26' },
          ],
        },
      ],
    },
    'k8s-api-lb': loadBalancer('192.168.0.50'),
    'k8s-api-lb2': loadBalancer('192.168.0.51'),
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
