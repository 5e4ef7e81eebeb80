import { Cidr } from '../net/cidr.ts';
import type { Model, Datastore as SaidDatastore } from '../validate/model.ts';
import type { Datastore, Kubernetes } from './cluster.ts';
import type { PlaceResolver } from './resolve-places.ts';

const NETWORK_DEFAULTS = {
  k3s: { cni: 'flannel', podCidr: '10.42.0.0/16', serviceCidr: '10.43.0.0/16' },
  rke2: { cni: 'canal', podCidr: '10.42.0.0/16', serviceCidr: '10.43.0.0/16' },
  kubeadm: { cni: 'flannel', podCidr: '10.244.0.0/16', serviceCidr: '10.96.0.0/12' },
} as const;

const PORTS = { postgres: 5432, mysql: 3306, etcd: 2379 } as const;

export function resolveKubernetes({ kubernetes }: Model, places: PlaceResolver): Kubernetes {
  const said = typeof kubernetes === 'string' ? { distribution: kubernetes } : kubernetes;
  const { distribution, cni, podCidr, serviceCidr, datastore } = {
    datastore: undefined,
    ...NETWORK_DEFAULTS[said.distribution],
    ...said,
  };
  return {
    distribution,
    cni,
    podCidr: Cidr.of(podCidr),
    serviceCidr: Cidr.of(serviceCidr),
    datastore: datastore === undefined ? undefined : resolveDatastore(datastore, places),
  };
}

/** The endpoint of an SQL server is one address; etcd is told of all its members. */
function resolveDatastore(said: SaidDatastore, places: PlaceResolver): Datastore {
  const { engine, user = 'k3s', password, database = 'kubernetes' } = said;
  const at = ['kubernetes', 'datastore', 'at'];
  return {
    engine,
    at: engine === 'etcd' ? places.resolveTargets(said.at, at) : places.resolveTarget(said.at, at),
    port: said.port ?? PORTS[engine],
    login: password === undefined ? undefined : { user, password, database },
  };
}
