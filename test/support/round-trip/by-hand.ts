import { createHash } from 'node:crypto';
import type { Model, Network, Node, Vip } from '../../../src/validate/model.ts';

/*
 * What a model means, worked out from the text of its documentation and not by the compiler. Addresses are texts here.
 */

/** The first address of a range that ends on a whole octet or more. */
export function firstHost(cidr: string): string {
  const [address = '', prefix] = cidr.split('/');
  if (Number(prefix) > 24) throw new Error(`not by hand: ${cidr}`);
  return address.replace(/\d+$/, '1');
}

/** Whether an address lies in a network, by its 32 bits. */
export function isIn(address: string, cidr: string): boolean {
  const [network = '', prefix = '32'] = cidr.split('/');
  const bits = (text: string) =>
    text
      .split('.')
      .map((octet) => Number(octet).toString(2).padStart(8, '0'))
      .join('');
  return bits(address).startsWith(bits(network).slice(0, Number(prefix)));
}

export function prefixOf({ cidr }: Network): string {
  return cidr.split('/')[1] ?? '';
}

export const hypervisorOf = (model: Model) => Object.entries(model.hypervisors)[0] ?? [];

export function bridgesOf(model: Model) {
  return Object.entries(hypervisorOf(model)[1]?.bridges ?? {});
}

/** The hypervisor's address on the bridge of a network, where it lies in the network. */
export function hostAddress(model: Model, network: Network): string | undefined {
  const ip = bridgesOf(model).find(([name]) => name === network.bridge)?.[1].ip;
  return network.mode === 'bridge' && ip !== undefined && isIn(ip, network.cidr) ? ip : undefined;
}

export function routerOf(model: Model, network: Network): { ip: string; isOutside: boolean } {
  const said = typeof network.router === 'string' ? { ip: network.router } : (network.router ?? {});
  const ip = said.ip ?? firstHost(network.cidr);
  const own = hostAddress(model, network);
  const owner = 'owner' in said ? said.owner : own !== undefined && own !== ip ? 'outside' : 'hypervisor';
  return { ip, isOutside: owner === 'outside' };
}

/** The networks that the hypervisor routes. */
export function routed(model: Model): [string, Network][] {
  return Object.entries(model.networks).filter(([, network]) => !routerOf(model, network).isOutside);
}

export function hypervisorDns(model: Model): string[] {
  const said = hypervisorOf(model)[1]?.dns;
  if (said !== undefined) return [...said];
  return Object.values(model.networks).flatMap((network) => {
    const { ip, isOutside } = routerOf(model, network);
    return isOutside && hostAddress(model, network) !== undefined ? [ip] : [];
  });
}

/** Whether libvirt lets the one open connections to the other: nobody into nat and isolated networks, none out of these. */
function reaches(model: Model, from: Network, to: Network): boolean {
  const isSame = Object.values(model.networks).indexOf(from) === Object.values(model.networks).indexOf(to);
  return isSame || (from.mode !== 'isolated' && to.mode !== 'isolated' && to.mode !== 'nat');
}

export function dnsOf(model: Model, network: Network): string[] {
  if (network.dns !== undefined) return [...network.dns];
  const providers = Object.values(model.nodes).filter(
    (node) => node.provides?.includes('dns') && reaches(model, network, networkOf(model, node)),
  );
  if (providers.length > 0) return providers.map(ipOf);
  const { ip, isOutside } = routerOf(model, network);
  return network.mode !== 'bridge' || isOutside ? [ip] : hypervisorDns(model);
}

/** A node that answers itself does not ask itself. */
export function dnsOfNode(model: Model, node: Node): string[] {
  const all = dnsOf(model, networkOf(model, node));
  if (!node.provides?.includes('dns')) return all;
  const network = networkOf(model, node);
  const upstream = network.mode === 'isolated' ? [routerOf(model, network).ip] : hypervisorDns(model);
  return [...new Set([...all.filter((ip) => ip !== ipOf(node)), ...upstream])];
}

/** Models of these tests say one network and address for a node, and members in a list. */
export function ipOf({ ip }: Node): string {
  if (ip === undefined) throw new Error('a node with several cards');
  return ip;
}

export function membersOf({ members }: Vip): string[] {
  if (!Array.isArray(members)) throw new Error('members with priorities');
  return members;
}

export function networkOf(model: Model, { network = '' }: Node): Network {
  const found = model.networks[network];
  if (found === undefined) throw new Error(`no network ${network}`);
  return found;
}

export function rolesOf({ role }: Node): string[] {
  return [role].flat();
}

export function isReserved(model: Model, node: Node): boolean {
  return node.mac !== undefined && networkOf(model, node).dhcp !== undefined;
}

export function isKubernetes(node: Node): boolean {
  return rolesOf(node).some((role) => ['master', 'worker', 'storage'].includes(role));
}

/** A bridge's MAC address where none is said: QEMU's prefix and the hash of the two names. */
export function bridgeMac(model: Model, name: string, network: Network): string | undefined {
  if (network.mode === 'bridge') return undefined;
  const hash = createHash('sha256').update(`${model.name}/${name}`).digest('hex');
  return network.mac ?? `52:54:00:${hash.slice(0, 2)}:${hash.slice(2, 4)}:${hash.slice(4, 6)}`;
}

/** Through the hypervisor's address on the node's own network to all that is behind the hypervisor. */
export function routesOf(model: Model, node: Node): { to: string; via: string }[] {
  const network = networkOf(model, node);
  const via = hostAddress(model, network);
  if (via === undefined || !routerOf(model, network).isOutside) return [];
  return routed(model).flatMap(([, each]) => (reaches(model, network, each) ? [{ to: each.cidr, via }] : []));
}

export interface HandFrontend {
  readonly name: string;
  readonly port: number;
  readonly role: string;
  readonly backendPort: number;
}

export function frontendsOf(name: string, { frontends, port = 0, backends = '' }: Vip): HandFrontend[] {
  const all = frontends === undefined ? { [name]: { port, backends } } : frontends;
  return Object.entries(all).map(([frontend, said]) => ({
    name: frontend,
    port: said.port,
    role: typeof said.backends === 'string' ? said.backends : said.backends.role,
    backendPort: typeof said.backends === 'string' ? said.port : (said.backends.port ?? said.port),
  }));
}

/** An Ansible group has no hyphens; three roles have groups by custom. */
export function groupOf(role: string): string {
  const custom: Record<string, string> = {
    master: 'masters',
    worker: 'workers',
    'load-balancer': 'load_balancers',
  };
  return custom[role] ?? role.replaceAll('-', '_');
}

export function kubernetesOf({ kubernetes }: Model) {
  const said = typeof kubernetes === 'string' ? { distribution: kubernetes } : kubernetes;
  const isKubeadm = said.distribution === 'kubeadm';
  return {
    podCidr: isKubeadm ? '10.244.0.0/16' : '10.42.0.0/16',
    serviceCidr: isKubeadm ? '10.96.0.0/12' : '10.43.0.0/16',
    cni: said.distribution === 'rke2' ? 'canal' : 'flannel',
    ...said,
  };
}
