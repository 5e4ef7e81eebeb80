import { locateDiagnostics } from '../../src/diagnostics/located.ts';
import { compileSource } from '../../src/pipeline.ts';
import type { Cluster } from '../../src/resolve/cluster.ts';

/** The cluster of a model's text. */
export function compileText(text: string): Cluster {
  const { cluster, diagnostics } = compileSource('cluster.yaml', Buffer.from(text));
  if (cluster === undefined)
    throw new Error(`no cluster: ${diagnostics.map(({ message }) => message).join('; ')}`);
  return cluster;
}

/** What is wrong with a model's text, one line each: `line:column rule: message`. */
export function mistakesIn(text: string): string[] {
  const compilation = compileSource('cluster.yaml', Buffer.from(text));
  return locateDiagnostics(compilation.diagnostics, compilation).map(
    ({ start, rule, message }) => `${start.line}:${start.column} ${rule}: ${message}`,
  );
}

/** The smallest useful model, to be changed by replacing parts of its text. */
export const SMALLEST = `schemaVersion: 1
name: home
domain: kube.internal
kubernetes: k3s

hypervisors:
  kvm1: { bridges: { br0: { uplink: enp4s0f1, ip: 192.168.0.40 } } }

networks:
  lan: { cidr: 192.168.0.0/24, bridge: br0, mode: bridge, router: 192.168.0.1 }
  kube: { cidr: 10.17.4.0/24, bridge: virbr_kube, mode: open, dhcp: 10.17.4.100-10.17.4.199 }

nodes:
  lb1: { role: load-balancer, network: lan, ip: 192.168.0.50 }
  lb2: { role: load-balancer, network: lan, ip: 192.168.0.51 }
  master1: { role: master, network: kube, ip: 10.17.4.21 }
  worker1: { role: worker, network: kube, ip: 10.17.4.24 }

vips:
  api: { ip: 192.168.0.55, members: [lb1, lb2], port: 6443, backends: master }
`;

/** Two hypervisors on one LAN, each with a network of its own; one node has a card in two networks. */
export const TWO_HOSTS = `schemaVersion: 1
name: pair
domain: kube.internal
kubernetes: kubeadm
controller: kvm1

hypervisors:
  kvm1: { bridges: { br0: { uplink: eno1, ip: 192.168.0.41 } } }
  kvm2: { bridges: { br0: { uplink: eno1, ip: 192.168.0.42 } } }
segments:
  lan: [kvm1.br0, kvm2.br0]

networks:
  lan: { cidr: 192.168.0.0/24, bridge: br0, mode: bridge, router: 192.168.0.1 }
  kube1: { cidr: 10.20.1.0/24, bridge: virbr_kube, on: kvm1, mode: open }
  kube2: { cidr: 10.20.2.0/24, bridge: virbr_kube, on: kvm2, mode: open }

nodes:
  lb1: { role: load-balancer, on: kvm1, network: lan, ip: 192.168.0.51 }
  lb2: { role: load-balancer, on: kvm2, network: lan, ip: 192.168.0.52 }
  master1: { role: master, network: kube1, ip: 10.20.1.11 }
  master2: { role: master, network: kube2, ip: 10.20.2.12 }
  backup1:
    role: backup
    nics:
      eth0: { network: kube2, ip: 10.20.2.60 }
      eth1: { network: lan, ip: 192.168.0.60 }
    primary: eth1

vips:
  api: { ip: 192.168.0.55, members: [lb1, lb2], port: 6443, backends: master }
`;
