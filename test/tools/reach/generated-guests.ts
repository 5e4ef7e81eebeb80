import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Card, Guest, NetworkRow } from './generated-lab.ts';
import { isIn, listOf, rowsOf } from './readme-tables.ts';

/** The guests, with what their network configuration says and the virtual IPs that they hold while all machines work. */
export function guestsOf(tree: string, readme: string, networks: readonly NetworkRow[]): Guest[] {
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
    const own = listOf(row['Network']).flatMap((network) => networks.filter((one) => one.name === network));
    const held = [...new Set(vips.flatMap(({ address, members }) => (members[0] === name ? [address] : [])))];
    const cards = listOf(row['Address']).map((ip, index) => {
      const network = own[index];
      if (network === undefined) throw new Error(`${name} is in no network`);
      const { addresses, routes } = cardOf(ip, network, said);
      const virtual = held
        .filter(
          (address) =>
            index ===
            Math.max(
              own.findIndex((one) => isAround(one, address)),
              0,
            ),
        )
        .map((address) => `${address}/${rangeOf(network, address).prefix}`);
      return { at: placeOf(network, row['Hypervisor'] ?? ''), addresses: [...addresses, ...virtual], routes };
    });
    return { name, cards };
  });
}

function isAround({ ranges }: NetworkRow, ip: string): boolean {
  return ranges.some((range) => isIn(ip, range));
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
