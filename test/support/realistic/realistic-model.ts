import fc from 'fast-check';
import type { Model, Network, Node } from '../../../src/validate/model.ts';
import { arbitraryFlow, flowOf, verificationOf } from './flows.ts';
import { arbitraryNetwork, networkOf } from './networks.ts';
import { arbitraryNode, cardsOf, hostIfAsked, nodeName, nodeOf } from './nodes.ts';
import { words } from './schema-words.ts';
import { hasSan, type Site, siteOf, siteParts } from './site.ts';
import { arbitraryVip, vipOf } from './vips.ts';

const shape = fc.record({
  name: fc.constantFrom('home', 'flatcar-microcloud', 'k8s-prod2'),
  domain: fc.constantFrom('kube.internal', 'cluster.example.com', 'lan'),
  distribution: fc.constantFrom('k3s', 'rke2', 'kubeadm') as fc.Arbitrary<'k3s' | 'rke2' | 'kubeadm'>,
  cni: fc.option(fc.constantFrom(...words<'calico'>('kubernetes', 'cni'))),
  hasRanges: fc.boolean(),
  controller: fc.option(fc.constantFrom('192.168.0.10', 'kvm1', 'master1')),
  datastore: fc.option(fc.constantFrom('postgres' as const, 'etcd' as const), { freq: 2 }),
  ...siteParts,
  networks: fc.array(arbitraryNetwork, { maxLength: 5 }),
  nodes: fc.array(arbitraryNode, { maxLength: 26 }),
  vips: fc.array(arbitraryVip, { minLength: 1, maxLength: 3 }),
  flows: fc.array(arbitraryFlow, { maxLength: 5 }),
  verify: fc.array(arbitraryFlow, { maxLength: 3 }),
  isCommented: fc.boolean(),
  loadBalancing: fc.constantFrom<Model['loadBalancing']>(
    undefined,
    { keepalived: { advertInterval: 0.5, fall: 4, transport: 'multicast', preempt: true } },
    { haproxy: { stats: { password: 'vault_stats' } } },
    {
      keepalived: { vrrpVersion: 2, authPass: 'vault_vrrp' },
      haproxy: { checkInterval: '700ms', maxConnections: 9000 },
    },
  ),
});
type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never;

/** Models of clusters that people have, all valid: up to three hypervisors on one LAN, five networks, thirty nodes. */
export const realisticModel: fc.Arbitrary<Model> = shape.map(modelOf);

/** What is in no file of the output. */
const remarks: Pick<Model, 'retired' | 'waivers'> = {
  retired: [{ text: 'freeipa9', reason: 'the name server of before' }],
  waivers: [{ rule: 'failover-slow', at: 'vips', reason: 'tried, and quick enough' }],
};

function modelOf(seed: Shape): Model {
  const site = siteOf(seed);
  const networks = networksOf(seed, site);
  const names = Object.keys(networks);
  const at = { ...site, networks };
  const home = names.at(-1) ?? 'lan';
  const nodes: Record<string, Node> = {
    master1: { role: 'master', ...cardsOf([home], at, 10), ...hostIfAsked([home], at, 0) },
  };
  for (const [index, each] of seed.nodes.entries()) nodes[nodeName(each, index)] = nodeOf(each, at, index);
  const vips = Object.fromEntries(seed.vips.map((each, index) => vipOf(each, { ...at, nodes, index })));
  const isAlone = Object.keys(site.hypervisors).length === 1;
  const controller = seed.controller ?? (isAlone ? undefined : 'kvm1');
  const model: Model = {
    schemaVersion: 1,
    name: seed.name,
    domain: seed.domain,
    kubernetes: kubernetesOf(seed),
    ...(controller === undefined ? {} : { controller }),
    ...site,
    networks,
    nodes,
    vips: vips as Model['vips'],
    ...(seed.loadBalancing === undefined ? {} : { loadBalancing: seed.loadBalancing }),
  };
  const flows = seed.flows.map((each) => flowOf(each, model));
  const verify = seed.verify.map((each) => verificationOf(each, model));
  return { ...model, firewall: { flows }, verify, ...(seed.isCommented ? remarks : {}) };
}

function kubernetesOf({ distribution, cni, hasRanges, datastore }: Shape): Model['kubernetes'] {
  const ranges = hasRanges ? { podCidr: '10.32.0.0/16', serviceCidr: '10.112.0.0/12' } : {};
  const engine = distribution === 'k3s' ? datastore : distribution === 'kubeadm' && datastore ? 'etcd' : null;
  if (cni === null && !hasRanges && engine === null) return distribution;
  return {
    distribution,
    ...(cni === null ? {} : { cni }),
    ...ranges,
    ...(engine === 'etcd' ? { datastore: { engine, at: ['10.200.0.5', '10.200.0.6'] } } : {}),
    ...(engine === 'postgres'
      ? { datastore: { engine, at: '10.200.0.5', password: 'vault_datastore' } }
      : {}),
  };
}

function networksOf(seed: Shape, site: Site): Record<string, Network> {
  const lan: Network = {
    cidr: '192.168.0.0/24',
    mode: 'bridge',
    bridge: 'br0',
    foreignDhcp: '192.168.0.100-192.168.0.199',
  };
  const cable: Network = { cidr: '10.99.0.0/24', mode: 'bridge', bridge: 'br1' };
  const others = seed.networks.map(
    (each, index) => [`net_${index + 1}`, networkOf(each, index + 1, site)] as const,
  );
  return { lan, ...(hasSan(seed) ? { cable } : {}), ...Object.fromEntries(others) };
}
