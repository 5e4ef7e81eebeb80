import { PortRange } from '../net/port-range.ts';
import type { Kubernetes } from './cluster.ts';

/** Who talks to whom inside a Kubernetes cluster. */
export interface KubernetesFlow {
  readonly from: 'master' | 'kubernetes';
  readonly to: 'master' | 'kubernetes';
  readonly ports: readonly PortRange[];
  readonly reason: string;
  /** Whether a cluster works without it, depending on how the plugin is set up. */
  readonly isOptional: boolean;
}

function flow(ends: string, ports: string, reason: string): KubernetesFlow {
  const [from, to] = ends.split(' > ') as [KubernetesFlow['from'], KubernetesFlow['to']];
  return { from, to, ports: ports.split(' ').map(PortRange.of), reason, isOptional: false };
}

function optional(ends: string, ports: string, reason: string): KubernetesFlow {
  return { ...flow(ends, ports, reason), isOptional: true };
}

/**
 * Ports of the distributions' own documentation.
 * @see https://kubernetes.io/docs/reference/networking/ports-and-protocols/
 * @see https://docs.k3s.io/installation/requirements#networking
 * @see https://docs.rke2.io/install/requirements#networking
 */
const BY_DISTRIBUTION: Readonly<Record<Kubernetes['distribution'], readonly KubernetesFlow[]>> = {
  k3s: [],
  rke2: [flow('kubernetes > master', '9345', 'RKE2 supervisor')],
  kubeadm: [],
};

/**
 * Ports of the network plugins' own documentation.
 * @see https://github.com/flannel-io/flannel/blob/master/Documentation/backends.md
 * @see https://docs.tigera.io/calico/latest/getting-started/kubernetes/requirements
 * @see https://docs.cilium.io/en/stable/operations/system_requirements/#firewall-rules
 */
const BY_CNI: Readonly<Record<Kubernetes['cni'], readonly KubernetesFlow[]>> = {
  flannel: [flow('kubernetes > kubernetes', '8472/udp', 'flannel VXLAN')],
  canal: [flow('kubernetes > kubernetes', '8472/udp', 'Canal VXLAN')],
  calico: [
    flow('kubernetes > kubernetes', '4789/udp', 'Calico VXLAN'),
    optional('kubernetes > kubernetes', '179', 'Calico BGP'),
    optional('kubernetes > kubernetes', '5473', 'Calico Typha'),
  ],
  cilium: [
    flow('kubernetes > kubernetes', '8472/udp', 'Cilium VXLAN'),
    optional('kubernetes > kubernetes', '4240', 'Cilium health'),
    optional('kubernetes > kubernetes', '4244', 'Cilium Hubble'),
  ],
};

/** What the nodes of a distribution with a network plugin need of one another. */
export function kubernetesFlows({ distribution, cni, datastore }: Kubernetes): readonly KubernetesFlow[] {
  return [
    flow('kubernetes > master', '6443', 'Kubernetes API'),
    ...(datastore === undefined ? [flow('master > master', '2379-2380', 'etcd')] : []),
    flow('kubernetes > kubernetes', '10250', 'kubelet'),
    ...BY_DISTRIBUTION[distribution],
    ...BY_CNI[cni],
  ];
}
