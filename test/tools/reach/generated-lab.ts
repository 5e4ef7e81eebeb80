import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { guestsOf } from './generated-guests.ts';
import { listOf, type Row, rowsOf } from './readme-tables.ts';

/* Machines as a generated tree describes them. Nothing here knows how the tree was made. */

interface Route {
  readonly to: string;
  readonly via: string;
  readonly isOnLink?: boolean;
}

/** A network card. */
export interface Card {
  /** What it is plugged into: a switch by its name, or HYPERVISOR.BRIDGE, which has a point in it. */
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
  /** HYPERVISOR.BRIDGE; of a VLAN, HYPERVISOR.BRIDGE.TAG. */
  readonly bridges: readonly string[];
  /** What is between those bridges; libvirt's own ones have no cable out of the host. */
  readonly switch: string | undefined;
  readonly routers: readonly string[];
  /** The hypervisor that is the router; none for a router outside. */
  readonly owner: string | undefined;
}

/** What a tree says of the machines. */
export function readTree(tree: string): GeneratedLab {
  const readme = readFileSync(join(tree, 'README.md'), 'utf8');
  const folder = join(tree, 'ansible/inventory/host_vars');
  const hosts = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'vars.yml')));
  const variables = new Map(
    hosts.map((name) => [name, parse(readFileSync(join(folder, name, 'vars.yml'), 'utf8'))]),
  );
  const hypervisorNames = hosts.filter((name) => variables.get(name)?.host_bridges !== undefined);
  const networks = rowsOf(readme, 'Networks').map((row) => networkIn(row, hypervisorNames));
  return {
    networks,
    hypervisors: hypervisorNames.map((name) => ({
      name,
      bridges: bridgesOf(networks, name, variables.get(name).host_bridges),
      sysctls: variables.get(name).host_sysctls ?? [],
      ruleset: String(variables.get(name).firewall_source ?? '').replace(
        '{{ inventory_dir }}',
        join(tree, 'ansible/inventory'),
      ),
    })),
    guests: guestsOf(tree, readme, networks),
  };
}

/** With one hypervisor the table does not name it. */
function networkIn(row: Row, [only = '']: readonly string[]): NetworkRow {
  const [cell = '', tag] = (row['Bridge'] ?? '').split(', VLAN ');
  const bridges = listOf(cell)
    .map((text) => (text.includes(': ') ? text.replace(': ', '.') : `${only}.${text}`))
    .map((place) => (tag === undefined ? place : `${place}.${tag}`));
  const mode = row['Mode'] ?? '';
  return {
    name: row['Network'] ?? '',
    ranges: listOf(row['Range']),
    mode,
    bridges,
    switch: mode === 'bridge' ? `switch between ${bridges.join(' and ').replaceAll('.', ' ')}` : undefined,
    routers: listOf(row['Router']),
    owner: ownerIn(row['Router'] ?? '', only),
  };
}

/** What `host_bridges` says of a bridge. */
interface SaidBridge {
  readonly name: string;
  readonly addresses?: string[];
  readonly gateway?: string;
  readonly routes?: Route[];
}

/**
 * The bridges of a host. A VLAN is a bridge of its own here, named as the host's port in it: this kernel may have neither
 * VLANs nor Open vSwitch, and tags are put on and taken off where no machine sees them. So is one without such a port.
 */
function bridgesOf(networks: readonly NetworkRow[], host: string, said: readonly SaidBridge[]): HostBridge[] {
  const here = networks.flatMap((network) =>
    network.bridges
      .filter((place) => place.startsWith(`${host}.`))
      .map((place) => ({ network, name: place.slice(host.length + 1) })),
  );
  const names = new Set([...said.map(({ name }) => name), ...here.map(({ name }) => name)]);
  return [...names].flatMap((name): HostBridge[] => {
    const own = here.filter((each) => each.name === name).map(({ network }) => network);
    const ofLibvirt = own.filter((network) => network.switch === undefined);
    const between = own.find((network) => network.switch !== undefined)?.switch;
    const bridge = said.find((each) => each.name === name);
    const { addresses = [], gateway, routes = [] } = bridge ?? {};
    const made = { name, at: between ?? '', addresses, gateway, routes, mode: undefined, ranges: [] };
    return [
      ...(bridge === undefined && between === undefined ? [] : [made]),
      ...ofLibvirt.map((network) => libvirtBridge(network, name)),
    ];
  });
}

function libvirtBridge({ ranges, routers, mode }: NetworkRow, name: string): HostBridge {
  const addresses = routers.map((router, index) => `${router}/${ranges[index]?.split('/')[1]}`);
  return { name, at: '', addresses, gateway: undefined, routes: [], mode, ranges };
}

/** `10.17.4.1 (kvm1)`; with one hypervisor it has no name there. */
function ownerIn(cell: string, only: string): string | undefined {
  const owner = /\((.*)\)$/.exec(cell)?.[1];
  if (owner === 'outside') return undefined;
  return owner === 'the hypervisor' ? only : owner;
}
