import type { Model, Node } from '../../../src/validate/model.ts';
import {
  bridgeMac,
  bridgesOf,
  bridgesWith,
  cardsOf,
  dnsOfNode,
  frontendsOf,
  groupOf,
  type HandCard,
  hostAddresses,
  hypervisorDns,
  isReserved,
  isUntagged,
  mayOpen,
  membersOf,
  networkOf,
  networkOfVip,
  primaryOf,
  routed,
  routerBeside,
  routerOf,
  routesOf,
} from './by-hand.ts';
import { inventoryOf } from './expected-inventory.ts';
import { setsOf } from './expected-sets.ts';
import { tablesOf } from './expected-tables.ts';
import { modulesOf, reservationsOf } from './expected-terraform.ts';
import { prefixOf, rangesOf, withPrefix } from './hand-ranges.ts';

/** What each kind of file says of a model, to be compared without an order. */
export function expectedOf(model: Model, sets: Readonly<Record<string, readonly string[]>>) {
  const nodes = Object.entries(model.nodes);
  const hosts = Object.keys(model.hypervisors);
  return {
    inventory: inventoryOf(model),
    terraform: modulesOf(model),
    guests: Object.fromEntries(
      nodes
        .filter(
          ([, node]) =>
            !isReserved(model, primaryOf(node)) || cardsOf(node).length > 1 || !asksBridge(model, node),
        )
        .map(([name]) => [name, guestOf(model, name)]),
    ),
    nodeRoutes: Object.fromEntries(
      nodes
        .map(([name, node]) => [name, routesOf(model, node).map(({ to, via }) => ({ to, via }))] as const)
        .filter(([, routes]) => routes.length > 0),
    ),
    bridges: Object.fromEntries(
      hosts.map((host) => [host, [...hostBridgesOf(model, host), ...vlanPortsOf(model, host)]]),
    ),
    dhcp: Object.fromEntries(hosts.map((host) => [host, dhcpOf(model, host)])),
    vips: Object.entries(model.vips).map(([name, vip]) => ({
      name,
      vrid: vip.vrid ?? Number(vip.ip.split('.').at(-1)),
      prefix: Number(prefixOf(networkOf(model, networkOfVip(model, vip)), vip.ip)),
      members: membersOf(vip).map(
        (member) =>
          `${member.name} ${member.priority} ${cardOfMember(model, member.name, networkOfVip(model, vip))}`,
      ),
      frontends: frontendsOf(name, vip).map(
        (frontend) =>
          `${frontend.name === name ? name : `${name}.${frontend.name}`} ${frontend.port} ${groupOf(frontend.role)} ${frontend.backendPort} ${frontend.role === 'master' && frontend.backendPort === 6443 ? 'readyz' : 'tcp'}`,
      ),
    })),
    tables: tablesOf(model),
    sets: Object.fromEntries(
      hosts.map((host) => [
        host,
        Object.fromEntries(
          Object.entries(setsOf(model, host)).filter(([name]) => sets[host]?.includes(name) === true),
        ),
      ]),
    ),
  };
}

/** Whether the name server that libvirt's DHCP hands out is all that a node asks. */
function asksBridge(model: Model, node: Node): boolean {
  const bridge = routerOf(model, networkOf(model, primaryOf(node).network)).ip;
  return dnsOfNode(model, node).join() === bridge;
}

/** Of a member that holds an address on another card than its primary one that card. */
function cardOfMember(model: Model, member: string, network: string): string {
  const node = model.nodes[member];
  if (node === undefined || primaryOf(node).network === network) return '';
  const card = cardsOf(node).find((each) => each.network === network);
  return `${card?.ip} ${card?.interface}`;
}

const FIRST_INTERFACE: Readonly<Record<string, string>> = { debian12: 'enp1s0' };

/** Each card; the primary one has the name servers and the default route, where libvirt lets it out. */
function guestOf(model: Model, name: string) {
  const node = model.nodes[name];
  if (node === undefined) throw new Error(`no node ${name}`);
  return cardsOf(node).map((card, index) => {
    const network = networkOf(model, card.network);
    const isPrimary = index === 0;
    const isOut = isPrimary && mayOpen(network, undefined);
    const routes = routesOf(model, node).filter((route) => route.card.ip === card.ip);
    return {
      match: matchOf(card, node.os),
      address: isReserved(model, card) ? 'by DHCP' : withPrefix(network, card.ip),
      routes: [
        ...(isOut ? [{ to: '0.0.0.0/0', via: routerBeside(model, network, card.ip) }] : []),
        ...routes,
      ].map(({ to, via }) => `${to} ${via}`),
      dns: isPrimary ? dnsOfNode(model, node) : [],
      search: isPrimary ? [network.domain ?? model.domain] : [],
    };
  });
}

/** With a MAC address that is what a file of systemd-networkd matches; a name in cloud-init is the card's. */
function matchOf(card: HandCard, os = ''): string {
  const name = card.interface ?? FIRST_INTERFACE[os] ?? 'eth0';
  const isAny =
    card.mac === undefined && card.interface === undefined && ['debian12', 'flatcar'].includes(os);
  if (os === 'flatcar') return card.mac ?? (isAny ? 'e*' : name);
  return `${name} ${card.mac ?? (isAny ? 'e*' : '')}`;
}

function hostBridgesOf(model: Model, host: string) {
  const hypervisor = model.hypervisors[host];
  if (hypervisor === undefined) throw new Error(`no hypervisor ${host}`);
  return bridgesOf(hypervisor).map(([name, bridge]) => {
    const here = Object.values(model.networks).filter(
      (network) =>
        isUntagged(network) &&
        bridgesWith(model, network).some((each) => each.host === host && each.bridge === name),
    );
    const own = here.find((network) =>
      hostAddresses(model, network).some((address) => address.host === host),
    );
    const routers = routed(model, host).filter(([, network]) => here.includes(network));
    const addresses = [
      ...(own === undefined || bridge.ip === undefined ? [] : [withPrefix(own, bridge.ip)]),
      ...routers.map(([, network]) => withPrefix(network, routerOf(model, network).ip)),
    ];
    const isOutside = own !== undefined && routerOf(model, own).host === undefined;
    return {
      name,
      uplink: bridge.uplink,
      addresses: [...new Set(addresses)],
      gateway: isOutside ? routerOf(model, own).ip : undefined,
      routes: name === 'br0' ? hostRoutesOf(model, host) : [],
      dns: bridge.ip === undefined ? [] : hypervisorDns(model, host),
    };
  });
}

/** To the networks of the other hypervisors on the LAN, which all hypervisors here have their first bridge on. */
function hostRoutesOf(model: Model, host: string): string[] {
  return routed(model).flatMap(([, network]) => {
    const { host: owner } = routerOf(model, network);
    const isBeside = hostAddresses(model, network).some((own) => own.host === host);
    if (owner === undefined || owner === host || isBeside || !mayOpen(undefined, network)) return [];
    return rangesOf(network).map((range) => `${range} ${model.hypervisors[owner]?.bridges['br0']?.ip}`);
  });
}

/** The ports that a hypervisor has as the router of tagged networks. */
function vlanPortsOf(model: Model, host: string) {
  const tagged = routed(model, host).flatMap(([, network]) => {
    const parent = bridgesWith(model, network).find((each) => each.host === host)?.bridge;
    return network.vlan === undefined ? [] : [{ parent, vlan: network.vlan, network }];
  });
  const names = [...new Set(tagged.map(({ parent, vlan }) => `${parent}.${vlan}`))];
  return names.map((name) => {
    const same = tagged.filter(({ parent, vlan }) => `${parent}.${vlan}` === name);
    return {
      name,
      parent: same[0]?.parent,
      vlan: same[0]?.vlan,
      addresses: same.map(({ network }) => withPrefix(network, routerOf(model, network).ip)),
      routes: [],
      dns: [],
    };
  });
}

function dhcpOf(model: Model, host: string) {
  return routed(model, host).flatMap(([name, network]) =>
    network.dhcp === undefined
      ? []
      : [
          {
            name,
            mac: bridgeMac(model, name, network),
            router: routerOf(model, network).ip,
            range: network.dhcp,
            ports: network.mode === 'nat' ? (network.nat?.ports ?? '1024-65535') : undefined,
            hosts: reservationsOf(model, name),
          },
        ],
  );
}
