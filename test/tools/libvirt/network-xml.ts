/** The arguments of a libvirt_network as planned; those that nothing here uses are refused. */
export interface PlannedNetwork {
  readonly name: string;
  readonly mode: string;
  readonly bridge?: string | null;
  readonly domain: string | null;
  readonly mtu: number | null;
  readonly addresses: readonly string[] | null;
  readonly dhcp: readonly { readonly enabled: boolean | null }[];
  readonly dns: readonly Dns[];
  readonly routes: readonly unknown[];
  readonly dnsmasq_options: readonly unknown[];
  readonly xml: readonly { readonly xslt: string | null }[];
}

interface Dns {
  readonly enabled: boolean | null;
  readonly local_only: boolean | null;
  readonly forwarders: readonly unknown[];
  readonly srvs: readonly unknown[];
  readonly hosts: readonly unknown[];
}

/**
 * The XML that provider 0.8.3 makes of a network before the stylesheet: resourceLibvirtNetworkCreate in
 * libvirt/resource_libvirt_network.go with the functions of libvirt/network.go, the elements in the order of
 * libvirtxml's Network.
 */
export function networkXml(network: PlannedNetwork): string {
  refuseUntranslated(network);
  const mode = network.mode.toLowerCase();
  if (!['none', 'nat', 'route', 'open', 'bridge'].includes(mode)) {
    throw new Error(`unsupported network mode '${mode}'`);
  }
  const isBridge = mode === 'bridge';
  if (isBridge && !network.bridge) throw new Error("'bridge' must be provided in bridged network mode");
  const { dns, addresses } = network;
  const elements = [
    `<name>${escapeXml(network.name)}</name>`,
    ...(mode === 'none' ? [] : [`<forward mode="${mode}"/>`]),
    `<bridge name="${escapeXml(network.bridge ?? '')}"${isBridge ? '' : ' stp="on"'}/>`,
    ...(network.mtu ? [`<mtu size="${network.mtu}"/>`] : []),
    ...domainElement(network),
    ...(!isBridge && dns[0]?.enabled ? ['<dns enable="yes"/>'] : []),
    ...(isBridge ? [] : (addresses ?? []).map((address) => ipElement(address, servesDhcp(network)))),
    '<options xmlns="http://libvirt.org/schemas/network/dnsmasq/1.0"/>',
  ];
  return `<network>\n${elements.map((element) => `    ${element}\n`).join('')}</network>\n`;
}

function refuseUntranslated({ dns, routes, dnsmasq_options }: PlannedNetwork): void {
  const nested = dns.flatMap(({ forwarders, srvs, hosts }) => [...forwarders, ...srvs, ...hosts]);
  if (nested.length + routes.length + dnsmasq_options.length > 0) {
    throw new Error('this translation has no routes, dnsmasq options, DNS forwarders, SRV records or hosts');
  }
}

/** getDomainFromResource: in every mode, also where libvirt refuses it. */
function domainElement({ domain, dns }: PlannedNetwork): string[] {
  if (!domain) return [];
  return [`<domain name="${escapeXml(domain)}"${dns[0]?.local_only ? ' localOnly="yes"' : ''}/>`];
}

/** getIPsFromResource: on unless said otherwise. */
function servesDhcp({ dhcp }: PlannedNetwork): boolean {
  return dhcp[0]?.enabled ?? true;
}

/** getNetworkIPConfig: the host has the first address; DHCP has all others, whatever they are for. */
function ipElement(cidr: string, hasDhcp: boolean): string {
  const [address = '', length = ''] = cidr.split('/');
  const prefix = Number(length);
  const size = 2 ** (32 - prefix);
  if (size < 8) throw new Error(`netmask seems to be too strict (${cidr})`);
  const network = Math.floor(toNumber(address) / size) * size;
  const range = `<range start="${toText(network + 2)}" end="${toText(network + Math.min(size, 2 ** 16) - 2)}"/>`;
  const start = `<ip address="${toText(network + 1)}" family="ipv4" prefix="${prefix}"`;
  return hasDhcp ? `${start}><dhcp>${range}</dhcp></ip>` : `${start}/>`;
}

function toNumber(address: string): number {
  return address.split('.').reduce((value, octet) => value * 256 + Number(octet), 0);
}

function toText(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
}

export function escapeXml(text: string): string {
  return text.replace(/[<>&"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
