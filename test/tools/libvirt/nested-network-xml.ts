import { escapeXml } from './network-xml.ts';

/** A libvirt_network of provider 0.9.7 as planned: what is not said is null, at every depth. */
export interface NestedNetwork extends Fields {
  readonly name: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** The elements of libvirtxml's Network, in their order, by the provider's names for its fields. */
const ELEMENTS: Readonly<Record<string, string>> = {
  forward: 'forward',
  nat: 'nat',
  addresses: 'address',
  ports: 'port',
  bridge: 'bridge',
  mtu: 'mtu',
  mac: 'mac',
  domain: 'domain',
  dns: 'dns',
  vlan: 'vlan',
  tags: 'tag',
  ips: 'ip',
  dhcp: 'dhcp',
  ranges: 'range',
  hosts: 'host',
  routes: 'route',
  virtual_port: 'virtualport',
  port_groups: 'portgroup',
};

/** The attributes that libvirt spells in another way than the provider. */
const ATTRIBUTES: Readonly<Record<string, string>> = { local_only: 'localOnly', native_mode: 'nativeMode' };

/**
 * The XML that provider 0.9.7 makes of a network: internal/codegen/templates/convert.go.tmpl copies what is said field by
 * field into libvirtxml's Network (network.go, v1.11007.0), which leaves out what is empty.
 */
export function nestedNetworkXml(network: NestedNetwork): string {
  const { name, autostart, id, uuid, ...fields } = network;
  const elements = [`<name>${escapeXml(name)}</name>`, ...childElements(fields)];
  return `<network>\n${elements.map((element) => `    ${element}\n`).join('')}</network>\n`;
}

function childElements(fields: Fields): string[] {
  const names = Object.keys(fields).filter((name) => isNested(fields[name]));
  const unknown = names.find((name) => !(name in ELEMENTS));
  if (unknown !== undefined) throw new Error(`this translation has no ${unknown}`);
  return Object.keys(ELEMENTS)
    .filter((name) => names.includes(name))
    .flatMap((name) => [fields[name]].flat().map((value) => element(name, value as Fields)));
}

function element(name: string, fields: Fields): string {
  if (name === 'virtual_port') return virtualPort(fields);
  const tag = ELEMENTS[name];
  return `<${tag}${attributes(fields)}>${childElements(fields).join('')}</${tag}>`;
}

/** NetworkVirtualPort.MarshalXML of libvirtxml: the kind of the parameters becomes the type. */
function virtualPort({ params }: Fields): string {
  if (!isNested(params) || !('open_v_switch' in params)) throw new Error('this translation has Open vSwitch');
  return '<virtualport type="openvswitch"><parameters></parameters></virtualport>';
}

function attributes(fields: Fields): string {
  return Object.entries(fields)
    .filter(([, value]) => value !== null && value !== '' && !isNested(value))
    .map(([name, value]) => ` ${attributeName(name)}="${escapeXml(String(value))}"`)
    .join('');
}

function attributeName(name: string): string {
  const attribute = ATTRIBUTES[name] ?? name;
  if (attribute.includes('_')) throw new Error(`this translation has no ${name}`);
  return attribute;
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
