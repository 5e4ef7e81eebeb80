const HYPERVISORS = 3;
const NETWORKS = 11;
const GUESTS = 997;

export interface LargeNode {
  readonly name: string;
  readonly role: 'load-balancer' | 'master' | 'storage' | 'worker';
  readonly network: string;
  readonly ip: string;
  readonly os: 'debian12' | 'flatcar';
  /** The hypervisor of a guest on the LAN; elsewhere the network says it. */
  readonly on?: string;
  readonly mac?: string;
  readonly provides?: readonly string[];
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const byte = (value: number) => value.toString(16).padStart(2, '0');

const loadBalancers = numbers(HYPERVISORS).map((number): LargeNode => ({
  name: `lb${number}`,
  role: 'load-balancer',
  network: 'lan',
  ip: `192.168.1.${number}`,
  os: 'debian12',
  on: `kvm${number}`,
}));

/** Dealt to the networks in turn; every second one has a MAC address, and so a reservation. One is asked for names. */
function guest(number: number): LargeNode {
  const network = (number % NETWORKS) + 1;
  const place = Math.floor(number / NETWORKS);
  return {
    name: `node${number}`,
    role: number <= 5 ? 'master' : number % 50 === 0 ? 'storage' : 'worker',
    network: `kube${network}`,
    ip: `10.${network}.1.${place + 1}`,
    os: number % 3 === 0 ? 'debian12' : 'flatcar',
    ...(number === 6 ? { provides: ['dns', 'ntp'] } : {}),
    ...(number % 2 === 0 ? {} : { mac: `52:54:00:00:${byte(number >> 8)}:${byte(number & 255)}` }),
  };
}

/** A thousand: a load balancer on each of three hypervisors, and guests on eleven networks behind them. */
export const largeNodes: readonly LargeNode[] = [...loadBalancers, ...numbers(GUESTS).map(guest)];

/** The hypervisor that routes one of the networks kube1 to kube11. */
export function largeHypervisorOf(network: number): string {
  return `kvm${(network % HYPERVISORS) + 1}`;
}

/** A model of all of them, as text; JSON is YAML, too. */
export function largeModel(provider: '0.8.3' | '0.9.7' = '0.8.3'): string {
  const ofEach = <T>(count: number, name: string, value: (number: number) => T) =>
    Object.fromEntries(numbers(count).map((number) => [`${name}${number}`, value(number)]));
  const members = loadBalancers.map(({ name }) => name);
  return JSON.stringify({
    schemaVersion: 1,
    name: 'large',
    domain: 'kube.internal',
    kubernetes: { distribution: 'kubeadm', cni: 'cilium' },
    controller: '192.168.0.9',
    hypervisors: ofEach(HYPERVISORS, 'kvm', (number) => ({
      os: 'debian12',
      bridges: { br0: { uplink: 'eno1', ip: `192.168.0.${10 + number}` } },
      terraform: { provider },
    })),
    segments: { lan: ['kvm1.br0', 'kvm2.br0', 'kvm3.br0'] },
    networks: {
      lan: { cidr: '192.168.0.0/16', bridge: 'br0', mode: 'bridge', router: '192.168.0.1' },
      ...ofEach(NETWORKS, 'kube', (number) => ({
        cidr: `10.${number}.0.0/20`,
        bridge: `virbr${number}`,
        on: largeHypervisorOf(number),
        mode: 'open',
        dhcp: `10.${number}.8.0-10.${number}.11.255`,
      })),
    },
    nodes: Object.fromEntries(largeNodes.map(({ name, ...node }) => [name, node])),
    vips: {
      api: { ip: '192.168.2.55', members, port: 6443, backends: 'master' },
      web: {
        ip: '192.168.2.56',
        members: members.toReversed(),
        frontends: { http: { port: 80, backends: { role: 'worker', port: 30080 } } },
      },
    },
    firewall: {
      flows: numbers(NETWORKS).map((number) => ({
        from: 'lan',
        to: `kube${number}`,
        ports: [22, '30000-32767'],
        comment: `flow ${number}`,
      })),
    },
    verify: [{ from: 'kubernetes', to: ['api', '192.168.0.1'] }],
  });
}
