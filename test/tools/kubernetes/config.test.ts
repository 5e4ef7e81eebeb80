import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { buildTree, clusters } from '../../support/clusters.ts';
import { inProject } from '../../support/paths.ts';

const [reference, smallest] = clusters;

/**
 * None of the distributions checks its file without installing itself, so this is about names: the options that they
 * document, of which a file may have no other, and the values that have to be there. All of them read YAML 1.1.
 */
const distributions = [
  {
    // https://docs.k3s.io/cli/server and https://docs.k3s.io/cli/agent
    name: 'K3s',
    tree: () => reference.tree,
    files: {
      'k3s/agent.yaml': { server: 'https://192.168.0.55:6443' },
      'k3s/server.yaml': {
        'tls-san': ['192.168.0.55'],
        'cluster-cidr': '10.42.0.0/16',
        'service-cidr': '10.43.0.0/16',
      },
    },
  },
  {
    // https://docs.rke2.io/reference/server_config
    name: 'RKE2',
    tree: () => buildTree(modelOf('{ distribution: rke2, podCidr: 10.50.0.0/16, cni: cilium }')),
    files: {
      'rke2/server.yaml': {
        'tls-san': ['192.168.0.55'],
        'cluster-cidr': '10.50.0.0/16',
        'service-cidr': '10.43.0.0/16',
        cni: 'cilium',
      },
    },
  },
  {
    // https://kubernetes.io/docs/reference/config-api/kubeadm-config.v1beta4/#kubeadm-k8s-io-v1beta4-ClusterConfiguration
    name: 'kubeadm',
    tree: () => buildTree(inProject('test/models/full.yaml')),
    files: {
      'kubeadm/cluster-configuration.yaml': {
        apiVersion: 'kubeadm.k8s.io/v1beta4',
        kind: 'ClusterConfiguration',
        controlPlaneEndpoint: '192.168.0.55:6443',
        apiServer: { certSANs: ['192.168.0.55'] },
        networking: { podSubnet: '10.32.0.0/16', serviceSubnet: '10.112.0.0/12' },
      },
    },
  },
];

function modelOf(kubernetes: string): string {
  const model = join(mkdtempSync(join(tmpdir(), 'kubernetes-')), 'cluster.yaml');
  const text = readFileSync(smallest.model, 'utf8');
  writeFileSync(model, text.replace('kubernetes: k3s', `kubernetes: ${kubernetes}`));
  return model;
}

describe.each(distributions)('what $name is told', ({ tree, files }) => {
  it('is what it has to know of the virtual IP, under the names that it documents', () => {
    const folder = join(tree(), 'kubernetes');
    const read = (file: string) => parse(readFileSync(join(folder, file), 'utf8'), { version: '1.1' });
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.yaml'),
    );
    expect(Object.fromEntries(names.map((name) => [name, read(name)]))).toEqual(files);
  });
});
