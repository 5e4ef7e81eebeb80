import type { Artifact } from '../../../src/render/render-artifacts.ts';
import type { Model } from '../../../src/validate/model.ts';
import { elementsOf, readXml } from '../read-xml.ts';
import { fullText } from '../readers/read-artifact.ts';
import { readAnsibleYaml } from '../readers/read-yaml.ts';
import {
  bridgeMac,
  cardsOf,
  frontendsOf,
  groupOf,
  hostAddresses,
  hypervisorDns,
  kubernetesOf,
  networkOf,
  rolesOf,
  routersOf,
} from './by-hand.ts';
import { rangeAround, withPrefix } from './hand-ranges.ts';

const ADDRESS = /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?(?![\d.]*\d)/g;
const MAC = /(?<![\da-f:])[\da-f]{2}(?::[\da-f]{2}){5}(?![\da-f:])/gi;

/** Everywhere, never routed, and the monitor page of HAProxy. */
const CONSTANTS = ['0.0.0.0/0', '224.0.0.0/4', '255.255.255.255/32', '127.0.0.1'];

/** What looks like an address or a MAC address anywhere in the files and is not the model's, or is and is not there. */
export function strangeTexts(model: Model, files: readonly Artifact[]): string[] {
  const text = files.map(({ path, content }) => `${path}\n${content}`).join('\n');
  const said = JSON.stringify({ ...model, firewall: undefined, verify: undefined });
  const flows = JSON.stringify([model.firewall, model.verify]);
  const addresses = new Set(text.match(ADDRESS));
  const own = new Set([...(said.match(ADDRESS) ?? []), ...derivedAddresses(model)]);
  const known = new Set([...own, ...(flows.match(ADDRESS) ?? []), ...CONSTANTS]);
  const macs = new Set(text.match(MAC));
  const ownMacs = new Set([
    ...(said.match(MAC) ?? []),
    ...Object.entries(model.networks).flatMap(([name, network]) => bridgeMac(model, name, network) ?? []),
  ]);
  // A network says its DNS servers, and a node of it that is reserved has no file; the table has them all the same.
  return [
    ...[...addresses]
      .filter((address) => !known.has(address))
      .map((address) => `${address} is not the model's`),
    ...[...(said.match(ADDRESS) ?? [])]
      .filter((address) => !addresses.has(address) && !isUnused(model, address))
      .map((address) => `${address} is nowhere`),
    ...[...macs].filter((mac) => !ownMacs.has(mac)).map((mac) => `${mac} is not the model's`),
    ...[...ownMacs].filter((mac) => !macs.has(mac)).map((mac) => `${mac} is nowhere`),
    ...strangePorts(model, files),
    ...strangeNames(model, files),
  ];
}

/** The ranges of pods and services are told to the distribution by every file but K3s' without a network of pods. */
function isUnused(model: Model, address: string): boolean {
  return address === model.controller;
}

function derivedAddresses(model: Model): string[] {
  const { podCidr, serviceCidr } = kubernetesOf(model);
  const networks = Object.values(model.networks);
  return [
    podCidr,
    serviceCidr,
    ...Object.keys(model.hypervisors).flatMap((host) => hypervisorDns(model, host)),
    ...networks.flatMap((network) => {
      const routers = routersOf(model, network);
      const own = [...routers, ...hostAddresses(model, network).map(({ ip }) => ip)];
      const inside = own.filter((ip) => rangeAround(network, ip) !== undefined);
      return [...routers, ...inside.map((ip) => withPrefix(network, ip))];
    }),
    ...Object.values(model.nodes).flatMap((node) =>
      cardsOf(node).map(({ ip, network }) => withPrefix(networkOf(model, network), ip)),
    ),
  ];
}

/** The picture names every node, network and virtual IP, and what is verified has a name or is an address. */
function strangeNames({ nodes, networks, vips, hypervisors }: Model, files: readonly Artifact[]): string[] {
  const text = (end: string) => files.find(({ path }) => path.endsWith(end))?.content ?? '';
  const said = elementsOf(readXml(text('topology.svg')), 'text').flatMap((each) =>
    fullText(each).split(/[\s,·→;]+/),
  );
  const words = new Set(said);
  const { verify_targets: targets } = readAnsibleYaml(text('/verify.yml')) as {
    verify_targets: Record<string, unknown>[];
  };
  const roles = Object.values(nodes).flatMap(rolesOf);
  const hosts = [nodes, networks, vips, hypervisors].flatMap((each) => Object.keys(each));
  const groups = [...roles, ...Object.keys(networks)].map(groupOf);
  const known = new Set([...hosts, ...groups, 'nodes', 'kubernetes']);
  const named = targets.flatMap(({ from, to }) => [String(from), String(to)]);
  const facts = [...Object.values(nodes).flatMap(cardsOf), ...Object.values(vips)].map(({ ip }) => ip);
  return [
    ...[...hosts, ...facts].filter((name) => !words.has(name)).map((name) => `${name} is not in the picture`),
    ...named
      .filter((name) => !known.has(name) && !/^\d+(\.\d+){3}$/.test(name))
      .map((name) => `${name} is verified, and nobody`),
  ];
}

/** Ports of every cluster: SSH, DNS, DHCP, time, the API, etcd, the kubelet, HAProxy's monitor page. */
const WELL_KNOWN = ['22', '53', '53/udp', '67/udp', '123/udp', '6443', '2379-2380', '10250', '8405'];
const OF_PLUGINS: Readonly<Record<string, readonly string[]>> = {
  flannel: ['8472/udp'],
  canal: ['8472/udp'],
  calico: ['4789/udp', '179', '5473'],
  cilium: ['8472/udp', '4240', '4244'],
};

const OF_DATASTORES = { postgres: 5432, mysql: 3306, etcd: 2379 } as const;

/** Where a port stands, in each language that has some. */
const PORTS: readonly (readonly [file: RegExp, port: RegExp])[] = [
  [/^nftables\//, /(tcp|udp) dport (?:\{ ([^}]*) \}|(\S+))/g],
  [/\/(vars|verify)\.yml$/, /()^\s*(?:[a-z_]*_)?port: (.*)$/gm],
  [/^kubernetes\//, /()(?<=\d):(\d+)\b/g],
  [/^README\.md$/, /()^- `[^`]*` to `[^`]*`: ([\d, /udp-]+)/gm],
  [/^README\.md$/, /()\| (\d+) \| [a-z-]+:\d+ \|$/gm],
  [/^README\.md$/, /()\| [a-z-]+:(\d+) \|$/gm],
  [/^topology\.svg$/, /() :(\d+) →/g],
];

function strangePorts(model: Model, files: readonly Artifact[]): string[] {
  const { cni, distribution, datastore } = { datastore: undefined, ...kubernetesOf(model) };
  const frontends = Object.entries(model.vips).flatMap(([name, vip]) => frontendsOf(name, vip));
  const said = [...(model.firewall?.flows ?? []), ...(model.verify ?? [])].flatMap(({ ports = [] }) =>
    ports.map(String),
  );
  const own = frontends.flatMap(({ port, backendPort }) => [String(port), String(backendPort)]);
  const { stats } = model.loadBalancing?.haproxy ?? {};
  const known = new Set([
    ...WELL_KNOWN,
    ...(stats === undefined ? [] : [String(stats.port ?? 8404)]),
    ...(datastore === undefined ? [] : [String(datastore.port ?? OF_DATASTORES[datastore.engine]), '2380']),
    ...(OF_PLUGINS[cni] ?? []),
    ...(distribution === 'rke2' ? ['9345'] : []),
    ...said,
    ...own,
  ]);
  const found = PORTS.flatMap(([file, pattern]) =>
    files
      .filter(({ path }) => file.test(path))
      .flatMap(({ content }) => [...content.matchAll(pattern)].flatMap(portsOf)),
  );
  return [
    ...[...new Set(found)]
      .filter((port) => !known.has(port))
      .map((port) => `port ${port} is not the model's`),
    ...own.filter((port) => !found.includes(port)).map((port) => `port ${port} is nowhere`),
  ];
}

function portsOf([, protocol, several, one]: RegExpMatchArray): string[] {
  const ports = (several ?? one ?? '')
    .split(/,\s*/)
    .map((port) => port.trim())
    .filter((port) => port !== '');
  return ports.map((port) => (protocol === 'udp' ? `${port}/udp` : port));
}
