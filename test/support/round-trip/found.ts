import type { Artifact } from '../../../src/render/render-artifacts.ts';
import { elementsOf, readXml, type XmlElement } from '../read-xml.ts';
import { readHcl } from '../readers/read-hcl.ts';
import { hostsOf, readIni } from '../readers/read-ini.ts';
import type { MarkdownNode } from '../readers/read-markdown.ts';
import { readMarkdown } from '../readers/read-markdown.ts';
import { readNft } from '../readers/read-nft.ts';
import { readAnsibleYaml, readPlainYaml } from '../readers/read-yaml.ts';

type Data = Readonly<Record<string, unknown>>;
type Rows = readonly Readonly<Record<string, unknown>>[];

/** The same as `expectedOf`, from the files and nothing else. */
export async function foundIn(files: readonly Artifact[]) {
  const text = (path: string) => files.find((file) => file.path === path)?.content ?? '';
  const under = (pattern: RegExp) =>
    files.flatMap(({ path, content }) =>
      pattern.exec(path)?.[1] === undefined ? [] : [[pattern.exec(path)?.[1] ?? '', content] as const],
    );
  const hostVars = under(/^ansible\/inventory\/host_vars\/(.*)\.yml$/).map(
    ([name, content]) => [name, readAnsibleYaml(content) as Data] as const,
  );
  const hosts = hostVars.filter(([, vars]) => 'host_bridges' in vars).map(([, vars]) => vars);
  const routes = hostVars
    .filter(([, vars]) => 'node_routes' in vars)
    .map(([name, vars]) => [name, vars['node_routes']] as const);
  const members = readAnsibleYaml(text('ansible/inventory/group_vars/vip_members/vars.yml')) as Data;
  return {
    inventory: inventoryOf(text('ansible/inventory/hosts.ini')),
    terraform: Object.fromEntries(
      under(/^terraform\/(.*)\/main\.tf$/).map(([dir, content]) => [dir, terraformOf(content)]),
    ),
    guests: Object.fromEntries([
      ...under(/^guests\/(.*)\/network-config$/).map(
        ([name, content]) => [name, cloudInitOf(content)] as const,
      ),
      ...under(/^guests\/(.*)\/10-static\.network$/).map(
        ([name, content]) => [name, networkdOf(content)] as const,
      ),
    ]),
    nodeRoutes: Object.fromEntries(routes),
    bridges: hosts.flatMap((vars) =>
      (vars['host_bridges'] as Rows).map(({ name, uplink, addresses, dns }) => ({
        name,
        uplink,
        addresses,
        dns,
      })),
    ),
    dhcp: hosts.flatMap((vars) => ((vars['dhcp_networks'] ?? []) as Rows).map(dhcpOf)),
    vips: (members['vips'] as Rows).map(vipOf),
    tables: tablesOf(await readMarkdown(text('README.md'))),
    sets: setsOf(files.filter(({ path }) => path.startsWith('nftables/')).map(({ content }) => content)),
  };
}

/** The elements of each named set, with what the comment says that they are. */
function setsOf([script = '']: readonly string[]): Record<string, string[]> {
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

interface HclEntry {
  readonly key: readonly string[];
  readonly value: unknown;
}

function terraformOf(text: string) {
  const entries = readHcl(text) as readonly HclEntry[];
  const networks = entries.filter(({ key }) => key[1] === 'libvirt_network');
  if (networks.length !== 1) throw new Error(`${networks.length} networks in one main.tf`);
  const body = networks[0]?.value as readonly HclEntry[];
  const get = (name: string, from = body) => from.find(({ key }) => key[0] === name)?.value;
  const xslt = get('xslt', (get('xml') ?? []) as readonly HclEntry[]);
  const sheet = typeof xslt === 'string' ? readXml(xslt.replace(/^<\?xml.*\?>\n/, '')) : undefined;
  const within = (name: string): XmlElement[] => (sheet === undefined ? [] : elementsOf(sheet, name));
  const [range] = within('range').map(({ attributes }) => `${attributes['start']}-${attributes['end']}`);
  return {
    label: networks[0]?.key[2],
    ...{
      name: get('name'),
      mode: get('mode'),
      bridge: get('bridge'),
      domain: get('domain'),
      addresses: get('addresses'),
    },
    mac: within('mac')[0]?.attributes['address'],
    router: within('xsl:attribute')[0]?.children.join(''),
    range,
    hosts: within('host').map(
      ({ attributes }) => `${attributes['name']} ${attributes['mac']} ${attributes['ip']}`,
    ),
  };
}

function cloudInitOf(text: string) {
  const { ethernets } = readPlainYaml(text) as { ethernets: Record<string, CloudInitNic> };
  const nics = Object.entries(ethernets);
  const [name = '', nic] = nics[0] ?? [];
  if (nic === undefined || nics.length !== 1) throw new Error(`${nics.length} cards`);
  return {
    match: `${name} ${nic.match?.macaddress ?? nic.match?.name ?? ''}`,
    address: nic.addresses.join(' '),
    routes: (nic.routes ?? []).map(({ to, via }) => `${to} ${via}`),
    dns: nic.nameservers.addresses,
    search: nic.nameservers.search.join(' '),
  };
}

interface CloudInitNic {
  readonly match?: { readonly macaddress?: string; readonly name?: string };
  readonly addresses: readonly string[];
  readonly routes?: readonly { readonly to: string; readonly via: string }[];
  readonly nameservers: { readonly addresses: readonly string[]; readonly search: readonly string[] };
}

function networkdOf(text: string) {
  const sections = readIni(text);
  const all = (section: string, key: string) =>
    sections
      .filter((each) => each.section === section)
      .flatMap(({ lines }) => lines.flatMap(([name, value = '']) => (name === key ? [value] : [])));
  const gateways = all('Route', 'Gateway');
  return {
    match: [...all('Match', 'MACAddress'), ...all('Match', 'Name')].join(' '),
    address: all('Network', 'Address').join(' '),
    routes: all('Route', 'Destination').map((to, index) => `${to} ${gateways[index]}`),
    dns: all('Network', 'DNS'),
    search: all('Network', 'Domains').join(' '),
  };
}

function dhcpOf(network: Data) {
  const { first, last } = network['range'] as Data;
  const hosts = network['reservations'] as Rows;
  return {
    ...{
      name: network['name'],
      mac: network['bridge_mac'],
      router: network['router'],
      range: `${first}-${last}`,
    },
    hosts: hosts.map(({ name, mac, ip }) => `${name} ${mac} ${ip}`),
  };
}

function vipOf(vip: Data) {
  return {
    ...{ name: vip['name'], vrid: vip['vrid'], prefix: vip['prefix'] },
    members: (vip['members'] as Rows).map(({ name, priority }) => `${name} ${priority}`),
    frontends: (vip['frontends'] as Rows).map((each) =>
      [each['name'], each['port'], each['backend_group'], each['backend_port'], each['check']].join(' '),
    ),
  };
}

/** The rows of the README's tables by the heading above; lists in a cell have no order, systems have names of their own. */
function tablesOf({ children = [] }: MarkdownNode) {
  const tables = children.flatMap((node, index): [string, MarkdownNode][] => {
    const heading = children.slice(0, index).findLast(({ type }) => type === 'heading');
    return node.type === 'table' && heading !== undefined ? [[textOf(heading), node]] : [];
  });
  const cells = (row: MarkdownNode) =>
    (row.children ?? []).map((cell) => textOf(cell).split(', ').sort().join(', '));
  const without = (heading: string, row: string[]) => (heading === 'Nodes' ? row.toSpliced(5, 1) : row);
  const rows = tables.map(
    ([heading, { children: all = [] }]) =>
      [heading, all.slice(1).map((row) => without(heading, cells(row)).join(' | '))] as const,
  );
  return Object.fromEntries(rows.filter(([heading]) => heading !== 'Files'));
}

function textOf({ value, children = [] }: MarkdownNode): string {
  return value ?? children.map(textOf).join('');
}
