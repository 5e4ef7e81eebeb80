import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { run } from '../support/run.ts';
import { succeed } from '../support/terraform.ts';
import { terraformFolders } from '../tools/libvirt/planned-networks.ts';
import { type HostBridge, readTree } from '../tools/reach/generated-lab.ts';
import { isIn, rowsOf } from '../tools/reach/readme-tables.ts';

/* The machines that a generated tree speaks of, and what has to be around them. Nothing here knows how the tree was made. */

export interface LabHypervisor {
  readonly name: string;
  readonly user: string;
  readonly nics: readonly Nic[];
  /** The folders of Terraform's modules whose provider it is. */
  readonly modules: readonly string[];
}

/** A card of a hypervisor, with the address that it has before there is a bridge. */
interface Nic {
  readonly name: string;
  /** HYPERVISOR.BRIDGE. */
  readonly bridge: string;
  /** What it is plugged into, which other hypervisors may be, too. */
  readonly switch: string;
  readonly address: string | undefined;
  readonly gateway: string | undefined;
  readonly dns: readonly string[];
}

interface LabCard {
  readonly name: string;
  readonly at: string;
  readonly mac: string;
  /** With its prefix. */
  readonly address: string;
}

export interface LabGuest {
  readonly name: string;
  /** Its cards, as the image names them, and HYPERVISOR.BRIDGE. */
  readonly cards: readonly LabCard[];
  /** Its files of systemd-networkd, by name. */
  readonly network: Readonly<Record<string, string>>;
  /** Ports that something listens on, and the status that it answers with where it speaks HTTPS. */
  readonly ports: Readonly<Record<number, number | undefined>>;
}

/** What an address outside is: the router of a LAN, which may hand out addresses. */
export interface LabRouter {
  readonly bridge: string;
  readonly address: string;
  readonly pool: readonly string[];
}

export interface LabTree {
  readonly path: string;
  readonly hypervisors: readonly LabHypervisor[];
  readonly guests: readonly LabGuest[];
  readonly routers: readonly LabRouter[];
  /** Addresses beyond all networks that somebody has to reach. */
  readonly beyond: readonly string[];
  /** Ranges behind hypervisors, and who knows the way. */
  readonly routes: readonly { readonly to: string; readonly via: string }[];
  readonly vips: readonly Vip[];
}

export interface Vip {
  readonly name: string;
  readonly address: string;
  readonly members: readonly string[];
}

export async function readLabTree(path: string): Promise<LabTree> {
  const lab = readTree(path);
  const readme = readFileSync(join(path, 'README.md'), 'utf8');
  const groups = readGroups(path);
  const rows = new Map(rowsOf(readme, 'Nodes').map((row) => [row['Node'], row]));
  const ports = portsOf(path, groups);
  const dhcp = rowsOf(readme, 'Networks').map((row) => row['DHCP'] ?? '');
  const guests = await Promise.all(
    lab.guests.map(async ({ name, cards }, at) => {
      const { 'MAC address': macs = '', 'Operating system': os = 'Debian' } = rows.get(name) ?? {};
      const named = namedCards(path, name);
      const own = cards.map((card, index) => ({
        name: named[index] ?? cardName(os, index),
        at: card.at,
        address: card.addresses[0] ?? '',
        mac: macs.split(', ')[index] || macAddress(at, index),
      }));
      return { name, cards: own, network: await networkFiles(path, name), ports: ports(name) };
    }),
  );
  const ranges = lab.networks.flatMap(({ ranges: all }) => all);
  const targets = verifyTargets(path).flatMap(({ address = '' }) =>
    /^[\d.]+$/.test(address) ? [address] : [],
  );
  return {
    path,
    guests,
    hypervisors: lab.hypervisors.map(({ name, bridges }) => ({
      name,
      user: groups.get(name)?.['ansible_user'] ?? 'root',
      nics: bridges.filter(({ mode }) => mode === undefined).map((bridge) => nicOf(bridge, path, name)),
      modules: modulesOf(path, groups.get(name)?.['ansible_host']),
    })),
    routers: lab.networks.flatMap(({ owner, routers, bridges }, index) =>
      owner === undefined
        ? routers.filter(Boolean).map((router) => ({
            bridge: bridges[0] ?? '',
            address: `${router}/${ranges.find((range) => isIn(router, range))?.split('/')[1] ?? 24}`,
            pool: /^([\d.]+)-([\d.]+) \(outside\)$/.exec(dhcp[index] ?? '')?.slice(1) ?? [],
          }))
        : [],
    ),
    beyond: targets.filter((address) => !ranges.some((range) => isIn(address, range))),
    routes: lab.guests
      .flatMap(({ cards }) => cards.flatMap(({ routes }) => routes))
      .filter(({ to, via }) => to !== '0.0.0.0/0' && via !== '')
      .filter((one, index, all) => all.findIndex(({ to }) => to === one.to) === index),
    vips: rowsOf(readme, 'Virtual IPs').map((row) => ({
      name: row['Virtual IP'] ?? '',
      address: row['Address'] ?? '',
      members: (row['Members (priority)'] ?? '').split(', ').map((member) => member.replace(/ \(.*/, '')),
    })),
  };
}

/** A fixed address for a card without one, so that no stale entry of ARP is met. */
function macAddress(guest: number, card: number): string {
  return `02:00:00:00:${card.toString(16).padStart(2, '0')}:${(guest + 1).toString(16).padStart(2, '0')}`;
}

/** As the images name their cards: by their slot (systemd.net-naming-scheme(7)), or as the kernel counts them. */
function cardName(os: string, index: number): string {
  return os.startsWith('Debian') ? `enp${index + 1}s0` : `eth${index}`;
}

/** Cards that their file knows by nothing but their names. */
function namedCards(path: string, guest: string): (string | undefined)[] {
  const file = join(path, 'guests', guest, 'network-config');
  const { ethernets }: { ethernets: Record<string, { match?: unknown }> } = existsSync(file)
    ? parse(readFileSync(file, 'utf8'))
    : { ethernets: {} };
  return Object.entries(ethernets).map(([name, { match }]) => (match === undefined ? name : undefined));
}

function nicOf({ name, at, addresses, gateway }: HostBridge, path: string, host: string): Nic {
  const variables = parse(readFileSync(join(path, 'ansible/inventory/host_vars', host, 'vars.yml'), 'utf8'));
  const said: { name: string; uplink?: string; dns?: string[] }[] = variables.host_bridges;
  const { uplink = '', dns = [] } = said.find((bridge) => bridge.name === name) ?? {};
  return {
    name: uplink,
    bridge: `${host}.${name}`,
    switch: at || `${host}.${name}`,
    address: addresses[0],
    gateway,
    dns,
  };
}

/** Those whose provider asks the libvirt of an address, or where it runs itself. */
function modulesOf(path: string, address = ''): string[] {
  const uris = [`//${address}/system"`, `@${address}/system"`, '"qemu:///system"'];
  return terraformFolders(path).filter((folder) => {
    const main = readFileSync(join(folder, 'main.tf'), 'utf8');
    return uris.some((uri) => main.includes(uri));
  });
}

/** What cloud-init and netplan make of a guest's file, as on Debian, or Ignition copies; an image without either asks DHCP. */
async function networkFiles(path: string, name: string) {
  const folder = join(path, 'guests', name);
  const fallback = { '99-default.network': '[Match]\nName=e*\n\n[Network]\nDHCP=ipv4\n' };
  if (!existsSync(folder)) return fallback;
  if (!existsSync(join(folder, 'network-config'))) return filesIn(folder);
  const output = mkdtempSync(join(tmpdir(), 'gen-infra-lab-'));
  const convert = [
    'devel',
    'net-convert',
    '--kind',
    'yaml',
    '--output-kind',
    'netplan',
    '--distro',
    'debian',
  ];
  const file = join(folder, 'network-config');
  await succeed(run('cloud-init', [...convert, '--network-data', file, '--directory', output]));
  chmodSync(join(output, 'etc/netplan/50-cloud-init.yaml'), 0o600); // as cloud-init does on a guest
  await succeed(run('netplan', ['generate', '--root-dir', output]));
  const files = filesIn(join(output, 'run/systemd/network'));
  rmSync(output, { recursive: true });
  return files;
}

/** A veth has no permanent MAC address, only a present one. */
function filesIn(folder: string): Record<string, string> {
  const entries = readdirSync(folder).map((file) => [
    file,
    readFileSync(join(folder, file), 'utf8').replace(/^PermanentMACAddress=/gm, 'MACAddress='),
  ]);
  return Object.fromEntries(entries);
}

interface Target {
  readonly to: string;
  readonly address?: string;
  readonly port?: number;
}

function verifyTargets(path: string): readonly Target[] {
  return (
    parse(readFileSync(join(path, 'ansible/inventory/group_vars/all/verify.yml'), 'utf8')).verify_targets ??
    []
  );
}

/** What listens on each host: backends of load balancers, and what connections to it are tried. */
function portsOf(path: string, groups: Groups): (name: string) => LabGuest['ports'] {
  const members = join(path, 'ansible/inventory/group_vars/vip_members/vars.yml');
  const vips: { frontends: { backend_group: string; backend_port: number; check: string }[] }[] = existsSync(
    members,
  )
    ? parse(readFileSync(members, 'utf8')).vips
    : [];
  const asked = [
    ...verifyTargets(path).flatMap(({ to, address, port }) =>
      address === undefined && port !== undefined ? [{ to, port, status: undefined }] : [],
    ),
    ...vips.flatMap(({ frontends }) =>
      frontends.map(({ backend_group: to, backend_port: port, check }) => ({
        ...{ to, port },
        status: check === 'readyz' ? readyStatus(path) : undefined,
      })),
    ),
  ];
  return (name) =>
    Object.fromEntries(
      asked
        .filter(
          ({ to, port }) => port !== 22 && (to === name || groups.get(name)?.[`group ${to}`] !== undefined),
        )
        .map(({ port, status }) => [port, status]),
    );
}

/** What an API server answers to a stranger who asks for /readyz: kubeadm's lets everybody ask, K3s' and RKE2's do not. */
function readyStatus(path: string): number {
  return existsSync(join(path, 'kubernetes/kubeadm')) ? 200 : 401;
}

/** Hosts of the inventory with their variables, and a key for each group that they are in. */
type Groups = ReadonlyMap<string, Readonly<Record<string, string>>>;

function readGroups(path: string): Groups {
  const hosts = new Map<string, Record<string, string>>();
  let group = '';
  for (const line of readFileSync(join(path, 'ansible/inventory/hosts.ini'), 'utf8').split('\n')) {
    const [, heading] = /^\[(.*)\]$/.exec(line) ?? [];
    if (heading !== undefined) group = heading;
    if (heading !== undefined || line === '' || /^#|:vars$/.test(line) || group.endsWith(':vars')) continue;
    const [name = '', ...variables] = line.split(' ');
    const said = variables.map((each) => each.split('=', 2));
    hosts.set(name, { ...hosts.get(name), ...Object.fromEntries(said), [`group ${group}`]: '' });
  }
  return hosts;
}
