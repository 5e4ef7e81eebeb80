import type { Artifact } from '../../../src/render/render-artifacts.ts';
import { hostsOf, readIni } from '../readers/read-ini.ts';
import type { MarkdownNode } from '../readers/read-markdown.ts';
import { readMarkdown } from '../readers/read-markdown.ts';
import { readNft } from '../readers/read-nft.ts';
import { readAnsibleYaml, readPlainYaml } from '../readers/read-yaml.ts';
import { moduleOf } from './found-terraform.ts';

type Data = Readonly<Record<string, unknown>>;
type Rows = readonly Readonly<Record<string, unknown>>[];

/** The same as `expectedOf`, from the files and nothing else. */
export async function foundIn(files: readonly Artifact[]) {
  const text = (path: string) => files.find((file) => file.path === path)?.content ?? '';
  const under = (pattern: RegExp) =>
    files.flatMap(({ path, content }) => {
      const name = pattern.exec(path)?.[1];
      return name === undefined ? [] : [[name, content] as const];
    });
  const read = <T>(pattern: RegExp, reader: (content: string) => T) =>
    Object.fromEntries(under(pattern).map(([name, content]) => [name, reader(content)]));
  const hostVars = Object.entries(
    read(/^ansible\/inventory\/host_vars\/(.*)\/vars\.yml$/, (content) => readAnsibleYaml(content) as Data),
  );
  const hosts = hostVars.filter(([, vars]) => 'host_bridges' in vars);
  const ofHosts = <T>(key: string, view: (row: Data) => T) =>
    Object.fromEntries(hosts.map(([name, vars]) => [name, ((vars[key] ?? []) as Rows).map(view)]));
  const members = readAnsibleYaml(text('ansible/inventory/group_vars/vip_members/vars.yml')) as Data;
  return {
    inventory: inventoryOf(text('ansible/inventory/hosts.ini')),
    terraform: read(/^terraform\/(.*)\/main\.tf$/, moduleOf),
    guests: {
      ...read(/^guests\/(.*)\/network-config$/, cloudInitOf),
      ...cardsOf(under(/^guests\/(.*)\/10-[^/]+\.network$/)),
    },
    nodeRoutes: Object.fromEntries(
      hostVars
        .filter(([, vars]) => 'node_routes' in vars)
        .map(([name, vars]) => [name, vars['node_routes']] as const),
    ),
    bridges: ofHosts('host_bridges', bridgeOf),
    dhcp: ofHosts('dhcp_networks', dhcpOf),
    vips: (members['vips'] as Rows).map(vipOf),
    tables: tablesOf(await readMarkdown(text('README.md'))),
    sets: Object.fromEntries(hosts.map(([name, vars]) => [name, setsOf(text(rulesetOf(vars)))])),
  };
}

/** The path of a hypervisor's ruleset below the tree, as it is named from the inventory. */
function rulesetOf(vars: Data): string {
  const { template } = vars['firewall_source'] as { template: string };
  return template.replace('{{ inventory_dir }}/../../', '');
}

function bridgeOf({ name, uplink, parent, vlan, addresses, gateway, routes = [], dns }: Data) {
  const via = (routes as Rows).map((route) => `${route['to']} ${route['via']}`);
  return { name, uplink, parent, vlan, addresses, gateway, routes: via, dns };
}

/** The elements of each named set, with what the comment says that they are. */
function setsOf(script: string): Record<string, string[]> {
  const sets: Record<string, string[]> = {};
  let current: string[] = [];
  for (const line of readNft(script)) {
    const [first, second, comment] = line;
    if (first === 'set' && typeof second === 'string') sets[second] = current = [];
    if (second === 'comment' && typeof comment === 'object' && 'text' in comment)
      current.push(
        `${typeof first === 'object' && 'text' in first ? first.text : String(first)} ${comment.text}`,
      );
  }
  return sets;
}

function inventoryOf(text: string) {
  const sections = readIni(text).filter(({ section }) => section !== '');
  return Object.fromEntries(
    sections.map((section) => {
      if (section.section === 'all:vars')
        return [section.section, section.lines.map((line) => line.join(' '))];
      const lines = [...hostsOf(section)].map(([name, vars]) =>
        vars.size === 0 ? name : [name, vars.get('ansible_host'), vars.get('ansible_user') ?? ''].join(' '),
      );
      return [section.section, lines];
    }),
  );
}

function cloudInitOf(text: string) {
  const { ethernets } = readPlainYaml(text) as { ethernets: Record<string, CloudInitNic> };
  return Object.entries(ethernets).map(([name, nic]) => ({
    match: `${name} ${nic.match?.macaddress ?? nic.match?.name ?? ''}`,
    address: nic.dhcp4 ? 'by DHCP' : (nic.addresses ?? []).join(' '),
    routes: (nic.routes ?? []).map(({ to, via }) => `${to} ${via}`),
    dns: nic.nameservers?.addresses ?? [],
    search: nic.nameservers?.search ?? [],
  }));
}

interface CloudInitNic {
  readonly dhcp4: boolean;
  readonly match?: { readonly macaddress?: string; readonly name?: string };
  readonly addresses?: readonly string[];
  readonly routes?: readonly { readonly to: string; readonly via: string }[];
  readonly nameservers?: { readonly addresses: readonly string[]; readonly search: readonly string[] };
}

/** The files of systemd-networkd by their node. */
function cardsOf(files: readonly (readonly [string, string])[]) {
  const nodes = [...new Set(files.map(([node]) => node))];
  return Object.fromEntries(
    nodes.map((node) => [
      node,
      files.filter(([other]) => other === node).map(([, text]) => networkdOf(text)),
    ]),
  );
}

function networkdOf(text: string) {
  const sections = readIni(text);
  const all = (section: string, key: string) =>
    sections
      .filter((each) => each.section === section)
      .flatMap(({ lines }) => lines.flatMap(([name, value = '']) => (name === key ? [value] : [])));
  const gateways = all('Route', 'Gateway');
  const isByDhcp = all('Network', 'DHCP').join(' ') === 'ipv4';
  return {
    match: [...all('Match', 'MACAddress'), ...all('Match', 'Name')].join(' '),
    address: isByDhcp ? 'by DHCP' : all('Network', 'Address').join(' '),
    routes: all('Route', 'Destination').map((to, index) => `${to} ${gateways[index]}`),
    dns: all('Network', 'DNS'),
    search: all('Network', 'Domains'),
  };
}

function dhcpOf(network: Data) {
  const span = (key: string) => {
    const { first, last } = (network[key] ?? {}) as Data;
    return first === undefined ? undefined : `${first}-${last}`;
  };
  return {
    ...{ name: network['name'], mac: network['bridge_mac'], router: network['router'] },
    ...{ range: span('range'), ports: span('nat_ports') },
    hosts: (network['reservations'] as Rows).map(({ name, mac, ip }) => `${name} ${mac} ${ip}`),
  };
}

function vipOf(vip: Data) {
  return {
    ...{ name: vip['name'], vrid: vip['vrid'], prefix: vip['prefix'] },
    members: (vip['members'] as Rows).map(({ name, priority, address = '', interface: card = '' }) =>
      [name, priority, [address, card].join(' ').trim()].join(' '),
    ),
    frontends: (vip['frontends'] as Rows).map((each) =>
      [each['name'], each['port'], each['backend_group'], each['backend_port'], each['check']].join(' '),
    ),
  };
}

/** Tables that say what files there are, or what follows from all the rest. */
const DERIVED = ['Files', 'What reaches what'];

/** The rows of the README's tables by the heading above; lists in a cell have no order, systems have names of their own. */
function tablesOf({ children = [] }: MarkdownNode) {
  const tables = children.flatMap((node, index): [string, MarkdownNode][] => {
    const heading = children.slice(0, index).findLast(({ type }) => type === 'heading');
    return node.type === 'table' && heading !== undefined ? [[textOf(heading), node]] : [];
  });
  const cells = (row: MarkdownNode) =>
    (row.children ?? []).map((cell) => textOf(cell).split(', ').sort().join(', '));
  const rows = tables.map(([heading, { children: all = [] }]) => {
    const [head = [], ...body] = all.map(cells);
    const kept = (row: string[]) => row.filter((_, index) => head[index] !== 'Operating system');
    return [heading, body.map((row) => kept(row).join(' | '))] as const;
  });
  return Object.fromEntries(rows.filter(([heading]) => !DERIVED.includes(heading)));
}

function textOf({ value, children = [] }: MarkdownNode): string {
  return value ?? children.map(textOf).join('');
}
