import type { Card, GeneratedLab, NetworkRow } from './generated-lab.ts';
import type { Stranger } from './lab.ts';
import { isIn } from './readme-tables.ts';

/** An address of the internet (RFC 5737), in none of the ranges that models have. */
export const INTERNET = '203.0.113.1';

/** Somebody on a network whom the model does not know. */
export interface Unknown extends Stranger {
  readonly network: string;
  readonly ip: string;
  /** An address there that nobody has. */
  readonly nobody: string;
}

/** What no file says of a router outside: whether it knows the way to the cluster, and is on the link. */
export interface SaidRouter {
  readonly returnRoute?: boolean;
  readonly onLink?: boolean;
}

/** The routers outside: one machine that has them all, and the internet behind it. */
export function outsideOf(lab: GeneratedLab, said: ReadonlyMap<string, SaidRouter>): Stranger {
  const cards = lab.guests.flatMap((guest) => guest.cards);
  const isGuest = ({ bridges, routers: [ip = ''] }: NetworkRow) =>
    addressesOf(cards.filter(({ at }) => bridges.includes(at))).has(ip);
  const outer = lab.networks.filter((network) => network.owner === undefined && !isGuest(network));
  // One that knows the way sends to where a hypervisor is: beside it, or beside another router.
  const knowing = outer.filter(({ name }) => said.get(name)?.returnRoute === true);
  const near = knowing.length > 0 ? [...knowing, ...outer] : [];
  const routers = outer.map((network) => ({
    at: network.switch ?? '',
    ...routerOf(network, said.get(network.name)?.onLink === true, routesBy(lab, network, near)),
  }));
  const internet = { at: '', addresses: [`${INTERNET}/32`], routes: [] };
  return { name: 'outside', isRouter: true, cards: [...routers, internet] };
}

/** The routes to hypervisors' networks that leave by one network, of those where a way is known. */
function routesBy({ networks, hypervisors }: GeneratedLab, outer: NetworkRow, near: readonly NetworkRow[]) {
  return networks.flatMap(({ owner, ranges: targets }) => {
    const bridges = hypervisors.find(({ name }) => name === owner)?.bridges ?? [];
    const addresses = [...addressesOf(bridges)];
    const hopIn = ({ ranges: [range = ''] }: NetworkRow) => addresses.find((ip) => isIn(ip, range));
    const via = hopIn(outer);
    const isBy = near.find((network) => hopIn(network) !== undefined) === outer;
    return isBy && via !== undefined ? targets.map((to) => ({ to, via })) : [];
  });
}

function routerOf(
  { ranges: [range = ''], routers: [router = ''] }: NetworkRow,
  isOnLink: boolean,
  routes: readonly { readonly to: string; readonly via: string }[],
) {
  // How one that is not in its range reaches it is not the model's to say; here it does.
  return isOnLink || !isIn(router, range)
    ? { addresses: [`${router}/32`], routes: [{ to: range, via: '' }, ...routes] }
    : { addresses: [`${router}/${range.split('/')[1]}`], routes };
}

/** Somebody on each network, at its highest address that is free; the next one stays nobody's. */
export function unknownsOf(lab: GeneratedLab): Unknown[] {
  const { hypervisors, guests, networks } = lab;
  const cards = [...hypervisors.flatMap(({ bridges }) => bridges), ...guests.flatMap((guest) => guest.cards)];
  const taken = new Set([...addressesOf(cards), ...networks.flatMap(({ routers }) => routers)]);
  return networks.flatMap(({ name, ranges: [range = ''], routers: [via = ''], ...network }) => {
    const [ip, nobody] = [highestFree(range, taken), highestFree(range, taken)];
    if (ip === undefined || nobody === undefined) return [];
    const at = network.switch ?? network.bridges[0] ?? '';
    const addresses = [`${ip}/${range.split('/')[1]}`];
    const card = { at, addresses, routes: [{ to: '0.0.0.0/0', via, isOnLink: true }] };
    return [{ name: `unknown-${name}`, network: name, ip, nobody, isRouter: false, cards: [card] }];
  });
}

function addressesOf(cards: readonly Pick<Card, 'addresses'>[]): Set<string> {
  return new Set(cards.flatMap(({ addresses }) => addresses.map((address) => address.split('/')[0] ?? '')));
}

/** Takes the highest address of a range that nobody has, but for its broadcast address. */
function highestFree(range: string, taken: Set<string>): string | undefined {
  const [network = '', prefix = '32'] = range.split('/');
  const first = network.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  for (let value = first + 2 ** (32 - Number(prefix)) - 2; value > first; value -= 1) {
    const ip = [24, 16, 8, 0].map((bits) => Math.floor(value / 2 ** bits) % 256).join('.');
    if (!taken.has(ip)) {
      taken.add(ip);
      return ip;
    }
  }
  return undefined;
}
