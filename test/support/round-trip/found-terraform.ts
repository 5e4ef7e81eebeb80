import { elementsOf, readXml, type XmlElement } from '../read-xml.ts';
import { readHcl } from '../readers/read-hcl.ts';

interface Entry {
  readonly key: readonly string[];
  readonly value: unknown;
}
type Body = readonly Entry[];

/** What a root module says of its networks, in the words of either provider. */
export function moduleOf(text: string) {
  const entries = readHcl(text) as Body;
  const labelled = (label: string) => entries.filter(({ key }) => key[1] === label);
  const guards = labelled('terraform_data');
  const version = at(entries, 'terraform', 'required_providers', 'libvirt', 'version');
  const networks = labelled('libvirt_network').map(({ key, value }) => ({
    label: key[2],
    alias: codeOf(at(value, 'provider'))?.replace('libvirt.', ''),
    ...(version === '0.8.3' ? olderNetwork(value) : newerNetwork(value)),
    guard: guardOf(guards.find((guard) => guard.key[2] === key[2])?.value),
  }));
  if (version !== '0.8.3' && guards.length !== networks.length)
    throw new Error('a network without its guard');
  const providers = entries.filter(({ key }) => key[0] === 'provider').map(({ value }) => value);
  return {
    version,
    uris: providers.map((provider) => `${at(provider, 'alias') ?? ''} ${at(provider, 'uri')}`),
    networks,
  };
}

const NOTHING: XmlElement = { name: '', attributes: {}, children: [] };

/** Provider 0.8.3: some arguments, and a stylesheet for the rest. */
function olderNetwork(body: unknown) {
  const xslt = at(body, 'xml', 'xslt');
  const sheet = typeof xslt === 'string' ? readXml(xslt.replace(/^<\?xml.*\?>\n/, '')) : NOTHING;
  const within = (name: string, root = sheet) => elementsOf(root, name);
  const template = (match: string) =>
    within('xsl:template').find(({ attributes }) => attributes['match'] === match) ?? NOTHING;
  const span = (all: readonly XmlElement[]) =>
    all.map(({ attributes }) => `${attributes['start']}-${attributes['end']}`)[0];
  const mode = at(body, 'mode');
  const addresses = listOf(at(body, 'addresses'));
  const dhcp = template('/network/ip[1]/dhcp');
  const others = template('/network/ip[position() != 1]/dhcp');
  const isFirstOnly = others !== NOTHING && others.children.length === 0;
  return {
    name: at(body, 'name'),
    mode: mode === 'none' ? 'isolated' : mode,
    bridge: at(body, 'bridge'),
    domain: at(body, 'domain'),
    addresses,
    // The provider serves DHCP in all ranges or none, and a template takes it out of those after the first.
    served: at(body, 'dhcp', 'enabled') !== 'true' ? [] : isFirstOnly ? addresses.slice(0, 1) : addresses,
    mac: within('mac')[0]?.attributes['address'],
    router: within('xsl:attribute', template('/network/ip[1]/@address'))[0]?.children.join(''),
    range: span(within('range', dhcp)),
    ports: span(within('port')),
    vlan: within('tag')[0]?.attributes['id'],
    port: within('virtualport')[0]?.attributes['type'],
    uuid: within('uuid')[0]?.children.join(''),
    hosts: within('host', dhcp).map(
      ({ attributes }) => `${attributes['name']} ${attributes['mac']} ${attributes['ip']}`,
    ),
  };
}

/** Provider 0.9.7: libvirt's XML as nested attributes. */
function newerNetwork(body: unknown) {
  const ips = listOf(at(body, 'ips'));
  const addressOf = (ip: unknown) => `${at(ip, 'address')}/${at(ip, 'prefix')}`;
  const served = ips.filter((ip) => at(ip, 'dhcp') !== undefined);
  const span = (range: unknown) =>
    range === undefined ? undefined : `${at(range, 'start') ?? ''}-${at(range, 'end') ?? ''}`;
  const hasPort = at(body, 'virtual_port', 'params', 'open_v_switch') !== undefined;
  return {
    name: at(body, 'name'),
    mode: at(body, 'forward', 'mode') ?? 'isolated',
    bridge: at(body, 'bridge', 'name'),
    domain: at(body, 'domain', 'name'),
    addresses: ips.map(addressOf),
    served: served.map(addressOf),
    mac: at(body, 'mac', 'address'),
    range: span(listOf(at(served[0], 'dhcp', 'ranges'))[0]),
    ports: span(listOf(at(body, 'forward', 'nat', 'ports'))[0]),
    vlan: at(listOf(at(body, 'vlan', 'tags'))[0], 'id'),
    port: hasPort ? 'openvswitch' : undefined,
    hosts: listOf(at(served[0], 'dhcp', 'hosts')).map(
      (host) => `${at(host, 'name')} ${at(host, 'mac')} ${at(host, 'ip')}`,
    ),
  };
}

/** What stands beside a network of 0.9.7 so that a change is refused. */
function guardOf(body: unknown) {
  const input = at(body, 'input') as Body | undefined;
  return input && Object.fromEntries(input.map(({ key: [name = ''] }) => [name, at(input, name)]));
}

/** The value below keys; of code the word that it is, unless that is a reference. */
function at(body: unknown, ...[first, ...rest]: readonly string[]): unknown {
  if (first === undefined) {
    const code = codeOf(body);
    return code === undefined || code.includes('.') ? body : code === 'null' ? undefined : code;
  }
  if (!Array.isArray(body)) return undefined;
  return at((body as Body).find(({ key }) => key[0] === first)?.value, ...rest);
}

function codeOf(value: unknown): string | undefined {
  return typeof value === 'object' && value !== null && 'code' in value ? String(value.code) : undefined;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
