import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { buildTree, clusters } from '../../support/clusters.ts';
import { requireTools } from '../../support/require-tools.ts';
import { run } from '../../support/run.ts';

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
    tree: () =>
      buildTree(modelOf('{ distribution: kubeadm, podCidr: 10.32.0.0/16, serviceCidr: 10.112.0.0/12 }')),
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

/** https://docs.k3s.io/datastore, and kubeadm's ClusterConfiguration as above. */
const datastores = [
  {
    name: 'K3s with an etcd of its own machines',
    kubernetes: '{ distribution: k3s, datastore: { engine: etcd, at: worker } }',
    file: 'k3s/server.yaml',
    said: {
      'datastore-endpoint': 'https://10.17.4.24:2379',
      'datastore-cafile': '/etc/rancher/k3s/etcd/ca.crt',
      'datastore-certfile': '/etc/rancher/k3s/etcd/client.crt',
      'datastore-keyfile': '/etc/rancher/k3s/etcd/client.key',
    },
  },
  {
    name: 'K3s with an etcd somewhere else',
    kubernetes: '{ distribution: k3s, datastore: { engine: etcd, at: [192.0.2.1, 192.0.2.2], port: 12379 } }',
    file: 'k3s/server.yaml',
    said: { 'datastore-endpoint': 'https://192.0.2.1:12379,https://192.0.2.2:12379' },
  },
  {
    name: 'kubeadm with an etcd',
    kubernetes: '{ distribution: kubeadm, datastore: { engine: etcd, at: [worker1, 192.0.2.2] } }',
    file: 'kubeadm/cluster-configuration.yaml',
    said: {
      etcd: {
        external: {
          endpoints: ['https://10.17.4.24:2379', 'https://192.0.2.2:2379'],
          caFile: '/etc/kubernetes/pki/etcd/ca.crt',
          certFile: '/etc/kubernetes/pki/apiserver-etcd-client.crt',
          keyFile: '/etc/kubernetes/pki/apiserver-etcd-client.key',
        },
      },
    },
  },
];

describe.each(datastores)('what $name is told of its datastore', ({ kubernetes, file, said }) => {
  it('is its addresses, and where certificates are', () => {
    const text = readFileSync(join(buildTree(modelOf(kubernetes)), 'kubernetes', file), 'utf8');
    expect(parse(text, { version: '1.1' })).toMatchObject(said);
    expect(text).not.toContain('--cluster-init');
  });
});

const PASSWORD = "p/w@:%# '\\?ü";
const databases = [
  {
    datastore: 'engine: postgres, at: worker1',
    endpoint: `postgres://k3s:${encodeURIComponent(PASSWORD).replace("'", '%27')}@10.17.4.24:5432/kubernetes`,
  },
  {
    datastore: 'engine: mysql, at: 192.0.2.9, user: ops, database: state',
    endpoint: `mysql://ops:${PASSWORD}@tcp(192.0.2.9:3306)/state`,
  },
  {
    datastore: 'engine: postgres, at: api, port: 5433',
    endpoint: `postgres://k3s:${encodeURIComponent(PASSWORD).replace("'", '%27')}@192.168.0.55:5433/kubernetes`,
  },
];

describe.each(databases)('K3s with the datastore $datastore', ({ datastore, endpoint }) => {
  it('finds it at an endpoint of the inventory, which takes the password from the vault', async (context) => {
    requireTools(context, ['ansible']);
    const tree = buildTree(modelOf(`{ distribution: k3s, datastore: { ${datastore}, password: vault_db } }`));
    expect(readFileSync(join(tree, 'kubernetes/k3s/server.yaml'), 'utf8')).not.toMatch(/^datastore/m);
    const extra = JSON.stringify({ vault_db: PASSWORD, ansible_connection: 'local' });
    const args = ['master1', '-m', 'ansible.builtin.debug', '-a', 'var=k3s_datastore_endpoint', '-e', extra];
    const env = { ANSIBLE_LOAD_CALLBACK_PLUGINS: '1', ANSIBLE_STDOUT_CALLBACK: 'json' };
    const { stdout } = await run('ansible', args, { cwd: join(tree, 'ansible'), env });
    const report = JSON.parse(stdout);
    expect(report.plays[0].tasks[0].hosts.master1.k3s_datastore_endpoint).toBe(endpoint);
    if (endpoint.startsWith('postgres')) {
      expect(decodeURIComponent(new URL(endpoint).password)).toBe(PASSWORD);
    }
  });
});

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
