import { Cidr } from '../../../../src/net/cidr.ts';
import { Ipv4 } from '../../../../src/net/ipv4.ts';
import type { Artifact } from '../../../../src/render/render-artifacts.ts';
import type { Cluster, Hypervisor, Network, Nic, Node } from '../../../../src/resolve/cluster.ts';
import { readAnsibleYaml } from '../../readers/read-yaml.ts';
import { shifted } from '../facts.ts';
import { guestCards } from './guest-files.ts';
import type { Machine, Port, Route } from './machine.ts';
import { NftTable } from './nft-table.ts';
import { oncePerText } from './once-per-text.ts';

/** All machines as the generated files set them up; `turn` says which member holds each VIP. */
export interface World {
  readonly cluster: Cluster;
  readonly machines: readonly Machine[];
}

type Vars = Readonly<Record<string, unknown>>;
const readVars = oncePerText((text) => readAnsibleYaml(text) as Vars);
const readTable = oncePerText((text) => new NftTable(text));
const EVERYTHING = Cidr.of('0.0.0.0/0');

export function buildWorld(cluster: Cluster, files: readonly Artifact[], turn: number): World {
  const varsOf = (host: string): Vars => {
    const file = files.find(({ path }) => path === `ansible/inventory/host_vars/${host}/vars.yml`);
    return file === undefined ? {} : readVars(file.content);
  };
  const hosts = cluster.hypervisors.map((hypervisor) => ({ hypervisor, vars: varsOf(hypervisor.name) }));
  return {
    cluster,
    machines: [
      ...hosts.map(({ hypervisor, vars }) => hostMachine(cluster, { hypervisor, vars, files })),
      ...cluster.nodes.map((node) =>
        guestMachine({ cluster, files, turn, vars: varsOf(node.name), hosts }, node),
      ),
      outsideMachine(cluster),
      ...strangers(cluster),
    ],
  };
}

/** Machines that are not in the model and that it names by their address: they have the routes that its nodes have there. */
function strangers(cluster: Cluster): Machine[] {
  const named = [
    cluster.controller,
    ...cluster.flows.flatMap(({ from, to }) => [...from, ...to]),
    ...cluster.verifications.map(({ to }) => to),
  ].flatMap((place) => (place.kind === 'address' && place.cidr.isAddress ? [place.cidr.network] : []));
  const known = new Set(ownAddresses(cluster).map(({ value }) => value));
  const ips = [...new Map(named.map((ip) => [ip.value, ip])).values()].filter(
    ({ value }) => !known.has(value),
  );
  return ips.flatMap((ip): Machine[] => {
    const around = cluster.networks.filter(({ subnets }) => subnets.some(({ cidr }) => cidr.contains(ip)));
    const network =
      around.find(({ router }) => router.hypervisor === undefined) ??
      around.find(({ dhcp }) => dhcp?.contains(ip));
    if (network === undefined) return [];
    const { router, cidr } = network;
    const addresses = [{ ip, cidr }];
    const ways = cluster.networks.flatMap((target): Route[] => {
      const near = target.router.hypervisor?.bridges
        .flatMap((bridge) => bridge.ip ?? [])
        .find((address) => cidr.contains(address));
      return near === undefined || router.hypervisor !== undefined
        ? []
        : target.subnets.map(({ cidr: to }) => ({ to, via: near }));
    });
    const segment = segmentOf(cluster, network);
    return [
      {
        name: ip.toString(),
        kind: 'node',
        ports: [{ name: 'card', segment, addresses }],
        routes: [...ways, { to: EVERYTHING, via: router.ip }],
        dns: [],
      },
    ];
  });
}

/** Everybody's address that the model has. */
function ownAddresses({ nodes, vips, networks, hypervisors }: Cluster): Ipv4[] {
  return [
    ...nodes.flatMap(({ nics }) => nics.map(({ ip }) => ip)),
    ...vips.map(({ ip }) => ip),
    ...networks.flatMap(({ subnets }) => subnets.map(({ router }) => router)),
    ...hypervisors.flatMap(({ ip, bridges }) => [ip, ...bridges.flatMap((bridge) => bridge.ip ?? [])]),
  ];
}

/** Bridges that the model joins are one broadcast domain, in each VLAN. */
export function segmentAt({ segments }: Cluster, hypervisor: string, bridge: string, vlan = 0): string {
  const joined = segments.find(({ bridges }) =>
    bridges.some((each) => each.hypervisor === hypervisor && each.bridge === bridge),
  );
  return `${joined === undefined ? `${hypervisor}.${bridge}` : joined.name} ${vlan}`;
}

function segmentOf(cluster: Cluster, { bridges: [bridge], vlan }: Network, on = bridge?.hypervisor): string {
  const own = bridge?.hypervisor === on ? bridge : undefined;
  return segmentAt(cluster, (own ?? bridge)?.hypervisor.name ?? '', (own ?? bridge)?.name ?? '', vlan);
}

interface HostBridge {
  readonly name: string;
  readonly parent?: string;
  readonly vlan?: number;
  readonly addresses?: readonly string[];
  readonly gateway?: string;
  readonly routes?: readonly { readonly to: string; readonly via: string }[];
}

/** The bridges that Ansible makes as it is told to, and those that libvirt makes. */
function hostMachine(
  cluster: Cluster,
  { hypervisor, vars, files }: { hypervisor: Hypervisor; vars: Vars; files: readonly Artifact[] },
): Machine {
  const bridges = (vars['host_bridges'] ?? []) as readonly HostBridge[];
  const made = cluster.networks.filter(
    ({ mode, bridges: [own] }) => mode !== 'bridge' && own?.hypervisor === hypervisor,
  );
  const unnamed = unnamedCard(cluster, hypervisor);
  const { template } = vars['firewall_source'] as { template: string };
  const ruleset = files.find(({ path }) => template.endsWith(`/${path}`));
  return {
    name: hypervisor.name,
    kind: 'host',
    ports: [
      ...bridges.map(({ name, parent, vlan, addresses = [] }) => ({
        name,
        segment: segmentAt(cluster, hypervisor.name, parent ?? name, vlan),
        addresses: addresses.map(addressOf),
      })),
      ...made.map(({ mode, bridges: [own], subnets }) => ({
        name: own?.name ?? '',
        segment: segmentAt(cluster, hypervisor.name, own?.name ?? ''),
        addresses: subnets.map(({ router: ip, cidr }) => ({ ip, cidr })),
        mode,
      })),
      ...(unnamed === undefined ? [] : [unnamed.port]),
    ],
    routes: [
      ...bridges.flatMap(({ gateway, routes = [] }) => [
        ...routes.map(({ to, via }) => ({ to: Cidr.of(to), via: Ipv4.of(via) })),
        ...(gateway === undefined ? [] : [{ to: EVERYTHING, via: Ipv4.of(gateway) }]),
      ]),
      ...(unnamed === undefined ? [] : [{ to: EVERYTHING, via: unnamed.router, onLink: UNNAMED_CARD }]),
    ],
    dns: [],
    ...(ruleset === undefined ? {} : { firewall: readTable(ruleset.content) }),
  };
}

/** A card that the model does not name: it has the host's address if none of the bridges does, and its default route. */
function unnamedCard(
  cluster: Cluster,
  { ip, bridges }: Hypervisor,
): { readonly port: Port; readonly router: Ipv4 } | undefined {
  if (bridges.some((bridge) => bridge.ip?.equals(ip))) return undefined;
  const network = cluster.networks.find(
    ({ mode, cidr, router }) => mode === 'bridge' && cidr.contains(ip) && router.hypervisor === undefined,
  );
  const { cidr, router } =
    network === undefined ? elsewhere(ip) : { cidr: network.cidr, router: network.router.ip };
  const segment = network === undefined ? ELSEWHERE : segmentOf(cluster, network);
  return { port: { name: UNNAMED_CARD, segment, addresses: [{ ip, cidr }] }, router };
}

/** The network that an address is in that the model does not have. */
function elsewhere(ip: Ipv4): { readonly cidr: Cidr; readonly router: Ipv4 } {
  const cidr = Cidr.around(ip, 24);
  return { cidr, router: shifted(cidr.last, -1) };
}

const ELSEWHERE = 'elsewhere';
/** A name that no interface has. */
export const UNNAMED_CARD = 'a card of its own';

interface Around {
  readonly cluster: Cluster;
  readonly files: readonly Artifact[];
  readonly turn: number;
  readonly vars: Vars;
  readonly hosts: readonly { readonly hypervisor: Hypervisor; readonly vars: Vars }[];
}

/** A guest by its own files, and what libvirt's DHCP leases it. */
function guestMachine({ cluster, files, turn, vars, hosts }: Around, node: Node): Machine {
  const cards = guestCards(files, node.name);
  const leases = hosts.flatMap((host) => (host.vars['dhcp_networks'] ?? []) as readonly Lease[]);
  const ports = node.nics.map((nic): Port => {
    const held = cluster.vips.filter(({ network, members }) => {
      const member = members[turn % members.length];
      return member?.node === node && member.nic.network === network && network === nic.network;
    });
    const card = cards.find(
      ({ addresses, mac }) =>
        addresses.some((text) => text.startsWith(`${nic.ip}/`)) ||
        (mac !== undefined && mac === nic.mac?.toString()),
    );
    const own = card === undefined || card.isByDhcp ? leased(leases, nic) : card.addresses.map(addressOf);
    return {
      name: nic.origin.join('.'),
      segment: segmentOf(cluster, nic.network, node.hypervisor),
      addresses: [...own, ...held.map(({ ip }) => ({ ip, cidr: Cidr.around(ip, 32) }))],
    };
  });
  const routes = cards.flatMap((card) =>
    card.routes.map(({ to, via, isOnLink }): Route => {
      const port = isOnLink ? ports[cards.indexOf(card)]?.name : undefined;
      return { to: Cidr.of(to), via: Ipv4.of(via), ...(port === undefined ? {} : { onLink: port }) };
    }),
  );
  const further = ((vars['node_routes'] ?? []) as readonly { to: string; via: string }[]).map(
    ({ to, via }) => ({ to: Cidr.of(to), via: Ipv4.of(via) }),
  );
  // Without files of its own the guest takes what DHCP says: its name server, and where anything leaves the same as router.
  const byDhcp =
    cards.length === 0 && node.network.mode !== 'isolated'
      ? [{ to: EVERYTHING, via: node.network.router.ip }]
      : [];
  const dns = cards.length === 0 ? [node.network.router.ip] : cards.flatMap((card) => card.dns.map(Ipv4.of));
  const forwards = node.nics.slice(1).some(({ ip, network }) => network.router.ip.equals(ip));
  return { name: node.name, kind: 'node', ports, routes: [...further, ...routes, ...byDhcp], dns, forwards };
}

interface Lease {
  readonly name: string;
  readonly reservations: readonly { readonly mac: string; readonly ip: string }[];
}

function leased(leases: readonly Lease[], { network, mac }: Nic) {
  const reservations = leases
    .filter(({ name }) => name === network.name)
    .flatMap((lease) => lease.reservations);
  return reservations
    .filter((reservation) => reservation.mac === mac?.toString())
    .map(({ ip }) => ({
      ip: Ipv4.of(ip),
      cidr: network.subnets.find(({ cidr }) => cidr.contains(Ipv4.of(ip)))?.cidr ?? network.cidr,
    }));
}

/** Whether the router of a network is a node of the model. */
function isGuest({ nodes }: Cluster, network: Network): boolean {
  return nodes.some(({ nics }) =>
    nics.slice(1).some((nic) => nic.network === network && nic.ip.equals(network.router.ip)),
  );
}

/** All routers outside as one machine: they know one another, and hypervisors' networks where the model says so. */
function outsideMachine(cluster: Cluster): Machine {
  const routed = cluster.networks.filter(({ router }) => router.hypervisor === undefined);
  return {
    name: 'outside',
    kind: 'outside',
    ports: [
      ...routed.map((network) => ({
        name: network.name,
        segment: segmentOf(cluster, network),
        // Where a guest is the router, the outside is behind it.
        addresses: [
          { ip: isGuest(cluster, network) ? network.cidr.network : network.router.ip, cidr: network.cidr },
        ],
        knowsWay: network.router.returnRoute,
      })),
      ...cluster.hypervisors
        .filter((hypervisor) => unnamedCard(cluster, hypervisor)?.port.segment === ELSEWHERE)
        .map(({ ip }) => ({
          name: ELSEWHERE,
          segment: ELSEWHERE,
          addresses: [{ ip: elsewhere(ip).router, cidr: elsewhere(ip).cidr }],
        })),
    ],
    routes: [],
    dns: [],
  };
}

function addressOf(text: string) {
  const [ip = '', prefix = '32'] = text.split('/');
  return { ip: Ipv4.of(ip), cidr: Cidr.around(Ipv4.of(ip), Number(prefix)) };
}
