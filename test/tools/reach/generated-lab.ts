import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/* Machines as a generated tree describes them. Nothing here knows how the tree was made. */

interface Route {
  readonly to: string;
  readonly via: string;
  readonly isOnLink?: boolean;
}

/** A network card, plugged into a switch or into HYPERVISOR.BRIDGE. */
export interface Card {
  readonly at: string;
  readonly addresses: readonly string[];
  readonly routes: readonly Route[];
}

export interface Guest {
  readonly name: string;
  readonly cards: readonly Card[];
}

/** A bridge of a hypervisor: one of the host's own has a switch, one of libvirt's a mode. */
export interface HostBridge extends Card {
  readonly name: string;
  readonly gateway: string | undefined;
  readonly mode: string | undefined;
  readonly ranges: readonly string[];
}

export interface Hypervisor {
  readonly name: string;
  readonly bridges: readonly HostBridge[];
  readonly sysctls: readonly { readonly name: string; readonly value: string }[];
  readonly ruleset: string;
}

export interface GeneratedLab {
  readonly hypervisors: readonly Hypervisor[];
  readonly guests: readonly Guest[];
  readonly networks: readonly NetworkRow[];
}

/** A row of the README's table of networks. */
export interface NetworkRow {
  readonly name: string;
  readonly ranges: readonly string[];
  readonly mode: string;
  /** HYPERVISOR.BRIDGE */
  readonly bridges: readonly string[];
  readonly routers: readonly string[];
  /** The hypervisor that is the router; none for a router outside. */
  readonly owner: string | undefined;
}

/** What a tree says of the machines; `joined` names the switch of bridges that are one segment. */
export function readTree(tree: string, joined: Readonly<Record<string, readonly string[]>>): GeneratedLab {
  const readme = readFileSync(join(tree, 'README.md'), 'utf8');
  const hosts = readdirSync(join(tree, 'ansible/inventory/host_vars'));
  const variables = new Map(
    hosts.map((name) => [
      name,
      parse(readFileSync(join(tree, 'ansible/inventory/host_vars', name, 'vars.yml'), 'utf8')),
    ]),
  );
  const hypervisorNames = hosts.filter((name) => variables.get(name)?.host_bridges !== undefined);
  const [only = ''] = hypervisorNames;
  const placed = (text: string) => (text.includes(': ') ? text.replace(': ', '.') : `${only}.${text}`);
  const networks = rowsOf(readme, 'Networks').map((row) => ({
    name: row['Network'] ?? '',
    ranges: listOf(row['Range']),
    mode: row['Mode'] ?? '',
    bridges: listOf(row['Bridge']).map(placed),
    routers: listOf(row['Router']),
    owner: ownerIn(row['Router'] ?? '', only),
  }));
  const switchOf = (place: string) =>
    Object.entries(joined).find(([, bridges]) => bridges.includes(place))?.[0] ?? place;
  return {
    networks,
    hypervisors: hypervisorNames.map((name) => ({
      name,
      bridges: [
        ...ownBridges(variables.get(name).host_bridges, name, switchOf),
        ...networks
          .filter(({ mode }) => mode !== 'bridge')
          .flatMap((network) => libvirtBridges(network, name)),
      ],
      sysctls: variables.get(name).host_sysctls ?? [],
      ruleset: String(variables.get(name).firewall_source ?? '').replace(
        '{{ inventory_dir }}',
        join(tree, 'ansible/inventory'),
      ),
    })),
    guests: guestsOf(tree, readme, networks),
  };
}

function ownBridges(
  said: readonly { name: string; addresses?: string[]; gateway?: string; routes?: Route[] }[],
  host: string,
  switchOf: (place: string) => string,
): HostBridge[] {
  return said.map(({ name, addresses = [], gateway, routes = [] }) => ({
    ...{ name, addresses, gateway, routes, mode: undefined, ranges: [] },
    at: switchOf(`${host}.${name}`),
  }));
}

function libvirtBridges({ bridges, ranges, routers, mode }: NetworkRow, host: string): HostBridge[] {
  return bridges
    .filter((place) => place.startsWith(`${host}.`))
    .map((place) => ({
      ...{ name: place.slice(host.length + 1), at: '', gateway: undefined, routes: [], mode, ranges },
      addresses: routers.map((router, index) => `${router}/${ranges[index]?.split('/')[1]}`),
    }));
}

type Row = Readonly<Record<string, string>>;

/** The rows of a table below a heading, by the titles of its columns. */
export function rowsOf(readme: string, heading: string): Row[] {
  const [, after = ''] = readme.split(`\n## ${heading}\n`);
  const [section = ''] = after.split('\n## ');
  const [titles = [], , ...rows] = section
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) =>
      line
        .slice(2, -1)
        .split('|')
        .map((cell) => cell.trim().replaceAll('\\', '')),
    );
  return rows.map((row) => Object.fromEntries(titles.map((title, index) => [title, row[index] ?? ''])));
}

/** `10.17.4.1 (kvm1)`; with one hypervisor it has no name there. */
function ownerIn(cell: string, only: string): string | undefined {
  const owner = /\((.*)\)$/.exec(cell)?.[1];
  if (owner === 'outside') return undefined;
  return owner === 'the hypervisor' ? only : owner;
}

const listOf = (cell: string | undefined) =>
  (cell ?? '').split(', ').map((each) => each.replace(/ \(.*$/, ''));

function guestsOf(tree: string, readme: string, networks: readonly NetworkRow[]): Guest[] {
  const files = readdirSync(join(tree, 'guests'), { recursive: true, encoding: 'utf8' });
  const vips = rowsOf(readme, 'Virtual IPs').map((row) => ({
    address: row['Address'] ?? '',
    members: listOf(row['Members (priority)']),
  }));
  return rowsOf(readme, 'Nodes').map((row) => {
    const name = row['Node'] ?? '';
    const said = files
      .filter((file) => file.startsWith(`${name}/`))
      .flatMap((file) => cardsIn(readFileSync(join(tree, 'guests', file), 'utf8')));
    const own = listOf(row['Network']).map((network) => networks.find((one) => one.name === network));
    const held = new Set<string>();
    const cards = listOf(row['Address']).map((ip, index) => {
      const network = own[index];
      if (network === undefined) throw new Error(`${name} is in no network`);
      const { addresses, routes } = cardOf(ip, network, said);
      const virtual = vips
        .filter(({ address, members }) => {
          const isHere = network.ranges.some((range) => isIn(address, range));
          return members[0] === name && isHere && !held.has(address) && held.add(address);
        })
        .map(({ address }) => `${address}/32`);
      return { at: placeOf(network, row['Hypervisor'] ?? ''), addresses: [...addresses, ...virtual], routes };
    });
    return { name, cards };
  });
}

type Said = Omit<Card, 'at'>;

/** A card as a file says it; without one, or where the file leaves it to DHCP, with what libvirt hands out. */
function cardOf(ip: string, network: NetworkRow, said: readonly Said[]): Said {
  const found = said.find(({ addresses }) => addresses.some((one) => one.startsWith(`${ip}/`)));
  if (found !== undefined) return found;
  const { prefix, router } = rangeOf(network, ip);
  const leased = said.find(({ addresses }) => addresses.length === 0);
  const toAll = network.mode === 'isolated' ? [] : [{ to: '0.0.0.0/0', via: router }];
  return { addresses: [`${ip}/${prefix}`], routes: said.length === 0 ? toAll : (leased?.routes ?? []) };
}

/** Where a guest of a hypervisor is plugged in; with one hypervisor the table has no column for it. */
function placeOf({ bridges }: NetworkRow, host: string): string {
  return bridges.find((place) => place.startsWith(`${host}.`)) ?? bridges[0] ?? '';
}

function rangeOf({ ranges, routers }: NetworkRow, ip: string): { prefix: string; router: string } {
  const index = Math.max(
    ranges.findIndex((range) => isIn(ip, range)),
    0,
  );
  return { prefix: ranges[index]?.split('/')[1] ?? '24', router: routers[index] ?? '' };
}

export function isIn(ip: string, range: string): boolean {
  const [network = '', prefix = '32'] = range.split('/');
  const number = (text: string) => text.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const size = 2 ** (32 - Number(prefix));
  return Math.floor(number(ip) / size) === Math.floor(number(network) / size);
}

function cardsIn(text: string): Said[] {
  return text.includes('[Match]') ? [networkdCard(text)] : cloudInitCards(text);
}

function cloudInitCards(text: string): Said[] {
  const cards: { addresses?: string[]; routes?: { to: string; via: string; 'on-link'?: boolean }[] }[] =
    Object.values(parse(text).ethernets);
  return cards.map(({ addresses = [], routes = [] }) => ({
    addresses,
    routes: routes.map(({ to, via, ...more }) => ({ to, via, isOnLink: more['on-link'] === true })),
  }));
}

function networkdCard(text: string): Said {
  const [head = '', ...routes] = text.split('[Route]');
  const value = (part: string, key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(part)?.[1];
  const address = value(head, 'Address');
  return {
    addresses: address === undefined ? [] : [address],
    routes: routes.map((part) => ({
      to: value(part, 'Destination') ?? '',
      via: value(part, 'Gateway') ?? '',
      isOnLink: value(part, 'GatewayOnLink') === 'yes',
    })),
  };
}
