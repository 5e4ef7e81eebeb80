import { addressOf } from '../../resolve/address-of.ts';
import type { Cluster, Datastore } from '../../resolve/cluster.ts';
import { machinesOf } from '../../resolve/resolve-places.ts';
import { API_PORT } from '../../resolve/resolve-vips.ts';
import { defineRenderer, type Renderer } from '../renderer.ts';

/** What each distribution must be told of the cluster, and above all of the VIP that its certificate has to name. */
const FILES = {
  k3s: ['server.yaml', 'agent.yaml'],
  rke2: ['server.yaml'],
  kubeadm: ['cluster-configuration.yaml'],
} as const;

export const kubernetes: readonly Renderer[] = (['k3s', 'rke2', 'kubeadm'] as const).flatMap((distribution) =>
  FILES[distribution].map((file) =>
    defineRenderer({
      id: `${distribution}-${file}`,
      template: `kubernetes/${distribution}/${file}.njk`,
      *jobs(cluster) {
        if (cluster.kubernetes.distribution === distribution) yield { view: clusterView(cluster) };
      },
    }),
  ),
);

function clusterView({ kubernetes: { podCidr, serviceCidr, cni, datastore }, vips }: Cluster) {
  const api = vips.find(({ name }) => name === 'api');
  const vip = api?.ip.toString() ?? '';
  const port = api?.frontends.find(({ check }) => check === 'readyz')?.port ?? API_PORT;
  const etcdEndpoints = datastore?.engine === 'etcd' ? endpointsOf(datastore) : [];
  return {
    vip,
    port,
    hasDatastore: datastore !== undefined,
    etcd: etcdEndpoints.join(','),
    etcdEndpoints,
    endpoint: `${vip}:${port}`,
    podCidr: podCidr.toString(),
    serviceCidr: serviceCidr.toString(),
    cni,
  };
}

function endpointsOf({ at, port }: Datastore): string[] {
  return at.flatMap(machinesOf).map((place) => `https://${addressOf(place)}:${port}`);
}
