import type { Model, Network } from '../../../src/validate/model.ts';
import {
  bridgeMac,
  bridgesOf,
  dnsOf,
  dnsOfNode,
  frontendsOf,
  groupOf,
  hostAddress,
  hypervisorDns,
  hypervisorOf,
  isKubernetes,
  isReserved,
  membersOf,
  networkOf,
  prefixOf,
  rolesOf,
  routed,
  routerOf,
  routesOf,
} from './by-hand.ts';

/** What each kind of file says of a model, to be compared without an order. */
export function expectedOf(model: Model, sets: readonly string[]) {
  const nodes = Object.entries(model.nodes);
  return {
    inventory: inventoryOf(model),
    terraform: Object.fromEntries(
      Object.entries(model.networks).map(([name, network]) => [
        network.terraform?.dir ?? name,
        terraformOf(model, name, network),
      ]),
    ),
    guests: Object.fromEntries(
      nodes.filter(([, node]) => !isReserved(model, node)).map(([name]) => [name, guestOf(model, name)]),
    ),
    nodeRoutes: Object.fromEntries(
      nodes
        .map(([name, node]) => [name, routesOf(model, node)] as const)
        .filter(([, routes]) => routes.length > 0),
    ),
    bridges: bridgesOf(model).map(([name, bridge]) => ({
      name,
      uplink: bridge.uplink,
      addresses: addressesOf(model, name),
      dns: bridge.ip === undefined ? [] : hypervisorDns(model),
    })),
    dhcp: Object.entries(model.networks).flatMap(([name, network]) =>
      network.dhcp === undefined
        ? []
        : [
            {
              name,
              mac: bridgeMac(model, name, network),
              router: routerOf(model, network).ip,
              range: network.dhcp,
              hosts: reservationsOf(model, name),
            },
          ],
    ),
    vips: Object.entries(model.vips).map(([name, vip]) => ({
      name,
      vrid: vip.vrid ?? Number(vip.ip.split('.').at(-1)),
      prefix: Number(prefixOf(networkOf(model, model.nodes[membersOf(vip)[0] ?? ''] ?? missing(name)))),
      members: membersOf(vip).map((member, index) => `${member} ${150 - 10 * index}`),
      frontends: frontendsOf(name, vip).map(
        (frontend) =>
          `${frontend.name === name ? name : `${name}.${frontend.name}`} ${frontend.port} ${groupOf(frontend.role)} ${frontend.backendPort} ${frontend.role === 'master' && frontend.backendPort === 6443 ? 'readyz' : 'tcp'}`,
      ),
    })),
    tables: tablesOf(model),
    sets: Object.fromEntries(Object.entries(setsOf(model)).filter(([name]) => sets.includes(name))),
  };
}

function missing(name: string): never {
  throw new Error(`no members: ${name}`);
}

function inventoryOf(model: Model) {
  const nodes = Object.entries(model.nodes);
  const [host = '', hypervisor] = hypervisorOf(model);
  const named = (isIn: (node: Model['nodes'][string], name: string) => boolean) =>
    nodes.filter(([name, node]) => isIn(node, name)).map(([name]) => name);
  const roles = [...new Set(nodes.flatMap(([, node]) => rolesOf(node)))];
  const members = Object.values(model.vips).flatMap(membersOf);
  const users = nodes.map(
    ([name, { ip, user, os }]) => [name, [ip, user ?? (os === 'flatcar' ? 'core' : '')].join(' ')] as const,
  );
  return {
    'all:vars': Object.entries(model.vips).map(([name, { ip }]) => `${name.replaceAll('-', '_')}_vip ${ip}`),
    hypervisors: [
      `${host} ${hypervisor?.ip ?? bridgesOf(model).flatMap(([, { ip }]) => ip ?? [])[0]} ${hypervisor?.user ?? ''}`,
    ],
    nodes: users.map((each) => each.join(' ')),
    vip_members: named((_, name) => members.includes(name)),
    kubernetes: named(isKubernetes),
    ...Object.fromEntries(
      roles.map((role) => [groupOf(role), named((node) => rolesOf(node).includes(role))]),
    ),
    ...Object.fromEntries(
      Object.keys(model.networks).map((name) => [
        name.replaceAll('-', '_'),
        named(({ network }) => network === name),
      ]),
    ),
  };
}

function terraformOf(model: Model, name: string, network: Network) {
  const isBridge = network.mode === 'bridge';
  const [first, last] = network.dhcp?.split('-') ?? [];
  const router = routerOf(model, network).ip;
  return {
    label: network.terraform?.resource ?? name,
    name,
    // The provider's own word (libvirt/resource_libvirt_network.go).
    mode: network.mode === 'isolated' ? 'none' : network.mode,
    bridge: network.bridge,
    domain: isBridge ? undefined : model.domain,
    addresses: isBridge ? undefined : [network.cidr],
    mac: bridgeMac(model, name, network),
    router: isBridge || router === network.cidr.replace(/\d+\/.*/, '1') ? undefined : router,
    range: network.dhcp === undefined ? undefined : `${first}-${last}`,
    hosts: network.dhcp === undefined ? [] : reservationsOf(model, name),
  };
}

function reservationsOf(model: Model, network: string): string[] {
  return Object.entries(model.nodes)
    .filter(([, node]) => node.network === network && isReserved(model, node))
    .map(([name, { ip, mac }]) => `${name} ${mac} ${ip}`);
}

const FIRST_INTERFACE: Readonly<Record<string, string>> = { debian12: 'enp1s0' };

function guestOf(model: Model, name: string) {
  const node = model.nodes[name] ?? missing(name);
  const network = networkOf(model, node);
  const isFlatcar = node.os === 'flatcar';
  const nic = node.interface ?? FIRST_INTERFACE[node.os ?? ''] ?? 'eth0';
  const isAny =
    node.mac === undefined && node.interface === undefined && ['debian12', 'flatcar'].includes(node.os ?? '');
  return {
    // With a MAC address that is what a file of systemd-networkd matches; a name in cloud-init is the card's.
    match: isFlatcar ? (node.mac ?? (isAny ? 'e*' : nic)) : `${nic} ${node.mac ?? (isAny ? 'e*' : '')}`,
    address: `${node.ip}/${prefixOf(network)}`,
    routes: [...defaultRoute(model, network), ...routesOf(model, node)].map(({ to, via }) => `${to} ${via}`),
    dns: dnsOfNode(model, node),
    search: model.domain,
  };
}

/** There is nowhere to go from an isolated network. */
function defaultRoute(model: Model, network: Network) {
  return network.mode === 'isolated' ? [] : [{ to: '0.0.0.0/0', via: routerOf(model, network).ip }];
}

/** The host's own address, and those of the routers that it is. */
function addressesOf(model: Model, bridge: string): string[] {
  const here = Object.values(model.networks).filter(
    (network) => network.mode === 'bridge' && network.bridge === bridge,
  );
  const own = here.flatMap((network) => {
    const ip = hostAddress(model, network);
    return ip === undefined ? [] : [`${ip}/${prefixOf(network)}`];
  });
  const routers = routed(model)
    .filter(([, network]) => here.includes(network))
    .map(([, network]) => `${routerOf(model, network).ip}/${prefixOf(network)}`);
  return [...new Set([...own, ...routers])];
}

/** The sets that rules may name; nobody has one that no rule names. */
function setsOf(model: Model): Record<string, string[]> {
  const nodes = Object.entries(model.nodes);
  // Behind a router outside, and with a way back that does not need the hypervisor's address.
  const isBeside = (name = '') => {
    const network = model.networks[name];
    if (network === undefined || !routerOf(model, network).isOutside) return false;
    const knows =
      typeof network.router === 'object' &&
      'returnRoute' in network.router &&
      network.router.returnRoute === true;
    return knows || hostAddress(model, network) !== undefined;
  };
  const list = (some: typeof nodes) => some.map(([name, { ip }]) => `${ip} ${name}`);
  const roles = [...new Set(nodes.flatMap(([, node]) => rolesOf(node)))];
  const vips = Object.entries(model.vips).filter(([, vip]) =>
    isBeside(model.nodes[membersOf(vip)[0] ?? '']?.network),
  );
  return {
    cluster_interfaces: Object.entries(model.networks).flatMap(([name, { mode, bridge }]) =>
      mode === 'bridge' ? [] : [`${bridge} ${name}`],
    ),
    cluster_networks: routed(model).map(([name, { cidr }]) => `${cidr} ${name}`),
    networks: Object.entries(model.networks).map(([name, { cidr }]) => `${cidr} ${name}`),
    outside_nodes: [
      ...list(nodes.filter(([, { network }]) => isBeside(network))),
      ...vips.map(([name, { ip }]) => `${ip} ${name}`),
    ],
    all_nodes: list(nodes),
    kubernetes_nodes: list(nodes.filter(([, node]) => isKubernetes(node))),
    ...Object.fromEntries(
      roles.map((role) => [
        `role_${role.replaceAll('-', '_')}`,
        list(nodes.filter(([, node]) => rolesOf(node).includes(role))),
      ]),
    ),
  };
}

function tablesOf(model: Model) {
  const list = (texts: readonly string[]) => [...texts].sort().join(', ');
  return {
    Networks: Object.entries(model.networks).map(([name, network]) => {
      const { ip, isOutside } = routerOf(model, network);
      const dhcp =
        network.dhcp ?? (network.foreignDhcp === undefined ? '' : `${network.foreignDhcp} (outside)`);
      return [
        name,
        network.cidr,
        network.mode,
        network.bridge,
        `${ip} (${isOutside ? 'outside' : 'the hypervisor'})`,
        dhcp,
        list(dnsOf(model, network)),
      ].join(' | ');
    }),
    Nodes: Object.entries(model.nodes).map(([name, node]) =>
      [
        name,
        list(rolesOf(node)),
        node.network,
        `${node.ip} (${isReserved(model, node) ? 'reserved' : 'static'})`,
        node.mac ?? '',
        list(node.aliases ?? []),
      ].join(' | '),
    ),
    'Virtual IPs': Object.entries(model.vips).flatMap(([name, vip]) =>
      frontendsOf(name, vip).map(({ port, role, backendPort }) =>
        [
          name,
          vip.ip,
          vip.vrid ?? vip.ip.split('.').at(-1),
          list(membersOf(vip).map((member, index) => `${member} (${150 - 10 * index})`)),
          port,
          `${role}:${backendPort}`,
        ].join(' | '),
      ),
    ),
  };
}
