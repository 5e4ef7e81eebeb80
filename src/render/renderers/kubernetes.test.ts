import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { compileText, SMALLEST } from '../../../test/support/compile.ts';
import { renderArtifacts } from '../render-artifacts.ts';
import { kubernetes } from './kubernetes.ts';

/** The files of a distribution, parsed. */
function filesOf(distribution: string): Record<string, unknown> {
  const cluster = compileText(SMALLEST.replace('kubernetes: k3s', `kubernetes: ${distribution}`));
  const artifacts = renderArtifacts(cluster, kubernetes, 'cluster.yaml');
  return Object.fromEntries(artifacts.map(({ path, content }) => [path, parse(content)]));
}

describe('what the distribution has to know of the virtual IP', () => {
  // https://docs.k3s.io/cli/server: --tls-san, --cluster-cidr, --service-cidr; https://docs.k3s.io/cli/agent: --server
  it('is for K3s a name in the certificate, and where agents find the API', () => {
    expect(filesOf('k3s')).toEqual({
      'kubernetes/k3s/agent.yaml': { server: 'https://192.168.0.55:6443' },
      'kubernetes/k3s/server.yaml': {
        'tls-san': ['192.168.0.55'],
        'cluster-cidr': '10.42.0.0/16',
        'service-cidr': '10.43.0.0/16',
      },
    });
  });

  // https://docs.k3s.io/networking/basic-network-options#custom-cni
  it('is for K3s with a CNI of somebody else also that its own stays away', () => {
    const files = filesOf('{ distribution: k3s, cni: calico }');
    expect(files['kubernetes/k3s/server.yaml']).toMatchObject({
      'flannel-backend': 'none',
      'disable-network-policy': true,
    });
  });

  // https://docs.rke2.io/reference/server_config
  it('is for RKE2 a name in the certificate; nodes join at a master itself', () => {
    expect(filesOf('{ distribution: rke2, podCidr: 10.50.0.0/16, cni: cilium }')).toEqual({
      'kubernetes/rke2/server.yaml': {
        'tls-san': ['192.168.0.55'],
        'cluster-cidr': '10.50.0.0/16',
        'service-cidr': '10.43.0.0/16',
        cni: 'cilium',
      },
    });
  });

  // https://kubernetes.io/docs/reference/config-api/kubeadm-config.v1beta4/#kubeadm-k8s-io-v1beta4-ClusterConfiguration
  it('is for kubeadm the endpoint of the control plane and a name in the certificate', () => {
    expect(filesOf('kubeadm')).toEqual({
      'kubernetes/kubeadm/cluster-configuration.yaml': {
        apiVersion: 'kubeadm.k8s.io/v1beta4',
        kind: 'ClusterConfiguration',
        controlPlaneEndpoint: '192.168.0.55:6443',
        apiServer: { certSANs: ['192.168.0.55'] },
        networking: { podSubnet: '10.244.0.0/16', serviceSubnet: '10.96.0.0/12' },
      },
    });
  });
});
