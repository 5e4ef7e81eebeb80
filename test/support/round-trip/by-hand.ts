import { createHash } from 'node:crypto';
import type { Hypervisor, Model, Network, Nic, Node, Vip } from '../../../src/validate/model.ts';
import { firstHost, firstRange, isIn, rangeAround, rangesOf } from './hand-ranges.ts';

/*
 * What a model means, worked out from the text of its documentation and not by the compiler. Addresses are texts here.
 */

export function isOne({ hypervisors }: Model): boolean {
  return Object.keys(hypervisors).length === 1;
}

export function bridgesOf({ bridges }: Hypervisor) {
  return Object.entries(bridges);
}

/** Where Ansible reaches it. */
export function addressOfHost(hypervisor: Hypervisor): string {
  return hypervisor.ip ?? bridgesOf(hypervisor).flatMap(([, { ip }]) => ip ?? [])[0] ?? '';
}

/** A bridge of a hypervisor, by their names. */
export interface HandBridge {
  readonly host: string;
  readonly bridge: string;
}

/** The bridges that carry a network: the segment of its own, or the one that libvirt makes for it. */
export function bridgesWith({ hypervisors, segments = {} }: Model, network: Network): HandBridge[] {
  const { on, bridge, mode } = network;
  const hosts = Object.entries(hypervisors).filter(([host]) => on === undefined || on === host);
  if (mode !== 'bridge') return hosts.slice(0, 1).map(([host]) => ({ host, bridge }));
  const own = hosts.flatMap(([host, { bridges }]) => (bridge in bridges ? [`${host}.${bridge}`] : []));
  const segment = Object.values(segments).find((joined) => joined.some((each) => own.includes(each)));
  return (segment ?? own).map((text) => {
    const [host = '', name = ''] = text.split('.');
    return { host, bridge: name };
  });
}

export function isUntagged({ mode, vlan }: Network): boolean {
  return mode === 'bridge' && vlan === undefined;
}

/** The addresses that the bridges of the hosts have in a network, whoever its router is. */
export function hostAddresses(model: Model, network: Network): { host: string; ip: string }[] {
  return bridgesWith(model, network).flatMap(({ host, bridge }) => {
    const ip = model.hypervisors[host]?.bridges[bridge]?.ip;
    return isUntagged(network) && ip !== undefined && isIn(ip, firstRange(network)) ? [{ host, ip }] : [];
  });
}

/** A hypervisor's own address in a network: as its router, or that of the bridge. */
export function hostAddress(model: Model, network: Network, host: string): string | undefined {
  const router = routerOf(model, network);
  return router.host === host
    ? router.ip
    : hostAddresses(model, network).find((own) => own.host === host)?.ip;
}

/** The router's address in the first range, and the hypervisor that has it; none for a router outside. */
export function routerOf(model: Model, network: Network): { ip: string; host: string | undefined } {
  const said = typeof network.router === 'string' ? { ip: network.router } : (network.router ?? {});
  const ip = said.ip ?? firstHost(firstRange(network));
  const { owner } = { owner: undefined, ...said };
  if (owner === 'outside') return { ip, host: undefined };
  if (owner !== undefined && owner !== 'hypervisor') return { ip, host: owner };
  const own = hostAddresses(model, network);
  const holder = own.find((address) => address.ip === ip);
  if (holder !== undefined) return { ip, host: holder.host };
  if (owner === undefined && own.length > 0) return { ip, host: undefined };
  return { ip, host: bridgesWith(model, network)[0]?.host };
}

/** The router's address in each range: in any but the first one the first address. */
export function routersOf(model: Model, network: Network): string[] {
  return [routerOf(model, network).ip, ...rangesOf(network).slice(1).map(firstHost)];
}

/** The router's address in the range of an address. */
export function routerBeside(model: Model, network: Network, ip: string): string {
  const range = rangeAround(network, ip) ?? '';
  const routers = routersOf(model, network);
  const isOnLink = typeof network.router === 'object' && network.router.onLink === true;
  return (isOnLink ? routers[0] : routers.find((router) => isIn(router, range))) ?? '';
}

/** The networks that a hypervisor routes, this one or any. */
export function routed(model: Model, by?: string): [string, Network][] {
  return Object.entries(model.networks).filter(([, network]) => {
    const { host } = routerOf(model, network);
    return host !== undefined && (by === undefined || by === host);
  });
}

/** What libvirt's own rules refuse: anything of an isolated network, and what others open to one in nat mode. */
export function mayOpen(from: Network | undefined, to: Network | undefined): boolean {
  const isIsolated = [from, to].some((network) => network?.mode === 'isolated');
  return !isIsolated && to?.mode !== 'nat';
}

/** What is said, or the routers beside it that are no hypervisor. */
export function hypervisorDns(model: Model, host: string): string[] {
  const said = model.hypervisors[host]?.dns;
  if (said !== undefined) return [...said];
  const all = Object.values(model.hypervisors).flatMap((each) => bridgesOf(each).map(([, { ip }]) => ip));
  return Object.values(model.networks).flatMap((network) => {
    const { ip } = routerOf(model, network);
    const isBeside = hostAddresses(model, network).some((own) => own.host === host);
    return isBeside && !all.includes(ip) ? [ip] : [];
  });
}

export function dnsOf(model: Model, network: Network): string[] {
  if (network.dns !== undefined) return [...network.dns];
  const providers = Object.values(model.nodes)
    .filter(({ provides }) => provides?.includes('dns'))
    .map(primaryOf)
    .filter((card) => {
      const other = networkOf(model, card.network);
      return other === network || mayOpen(network, other);
    });
  if (providers.length > 0) return providers.map(({ ip }) => ip);
  const { ip, host } = routerOf(model, network);
  return network.mode !== 'bridge' || host === undefined ? [ip] : hypervisorDns(model, host);
}

/** A node that answers itself does not ask itself. */
export function dnsOfNode(model: Model, node: Node): string[] {
  const own = primaryOf(node);
  const network = networkOf(model, own.network);
  const all = dnsOf(model, network);
  if (!node.provides?.includes('dns')) return all;
  const upstream = mayOpen(network, undefined)
    ? hypervisorDns(model, hostOf(model, node))
    : [routerOf(model, network).ip];
  return [...new Set([...all.filter((ip) => ip !== own.ip), ...upstream])];
}

export function networkOf(model: Model, name: string): Network {
  const found = model.networks[name];
  if (found === undefined) throw new Error(`no network ${name}`);
  return found;
}

/** A network card with its name, where the model says one. */
export interface HandCard extends Nic {
  readonly interface?: string;
}

/** The cards of a node, the primary one first. */
export function cardsOf({ nics, primary, network = '', ip = '', ...node }: Node): HandCard[] {
  if (nics === undefined) {
    const { mac, interface: name } = node;
    return [
      {
        network,
        ip,
        ...(mac === undefined ? {} : { mac }),
        ...(name === undefined ? {} : { interface: name }),
      },
    ];
  }
  const cards = Object.keys(nics).sort();
  const first = primary ?? cards[0] ?? '';
  return [first, ...cards.filter((name) => name !== first)].flatMap((name) =>
    nics[name] === undefined ? [] : [{ ...nics[name], interface: name }],
  );
}

export function primaryOf(node: Node): HandCard {
  const [card] = cardsOf(node);
  if (card === undefined) throw new Error('no card');
  return card;
}

/** Where a node runs: on the hypervisor that is said, or the only one with all of its networks. */
export function hostOf(model: Model, node: Node): string {
  if (node.on !== undefined) return node.on;
  const [first = [], ...others] = cardsOf(node).map(({ network }) =>
    bridgesWith(model, networkOf(model, network)).map(({ host }) => host),
  );
  const hosts = first.filter((host) => others.every((all) => all.includes(host)));
  if (hosts.length !== 1) throw new Error(`not one hypervisor: ${hosts.join(', ')}`);
  return hosts[0] ?? '';
}

export function rolesOf({ role }: Node): string[] {
  return [role].flat();
}

/** libvirt serves DHCP in the first range only. */
export function isReserved(model: Model, { mac, ip, network }: HandCard): boolean {
  const at = networkOf(model, network);
  return mac !== undefined && at.dhcp !== undefined && isIn(ip, firstRange(at));
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

/**
 * Where the default router is outside: to each range of each network behind a hypervisor that the node has no card in,
 * through that hypervisor's address beside the first card that has one.
 */
export function routesOf(model: Model, node: Node): { to: string; via: string; card: HandCard }[] {
  const cards = cardsOf(node);
  if (routerOf(model, networkOf(model, primaryOf(node).network)).host !== undefined) return [];
  const targets = routed(model).filter(([name]) => !cards.some(({ network }) => network === name));
  return targets.flatMap(([, target]) => {
    const { host = '' } = routerOf(model, target);
    const hops = cards.flatMap((card) => {
      const network = networkOf(model, card.network);
      const via = hostAddress(model, network, host);
      return via === undefined || !mayOpen(network, target) ? [] : [{ via, card }];
    });
    return hops.slice(0, 1).flatMap((hop) => rangesOf(target).map((to) => ({ to, ...hop })));
  });
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

/** With their priorities, the highest first; those of a list go down in tens from 150. */
export function membersOf({ members }: Vip): { name: string; priority: number }[] {
  const all: [string, number][] = Array.isArray(members)
    ? members.map((name, index) => [name, 150 - 10 * index])
    : Object.entries(members);
  return all.map(([name, priority]) => ({ name, priority })).sort((a, b) => b.priority - a.priority);
}

/** The network of a virtual IP is that of the card that its members have there. */
export function networkOfVip(model: Model, vip: Vip): string {
  const names = Object.entries(model.networks).filter(
    ([, network]) => rangeAround(network, vip.ip) !== undefined,
  );
  const [only] = names;
  if (only === undefined || names.length > 1) throw new Error(`not one network: ${vip.ip}`);
  return only[0];
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
