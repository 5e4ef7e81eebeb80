import { describe, expect, test } from 'vitest';
import { networkXml, type PlannedNetwork } from './network-xml.ts';

const options = '<options xmlns="http://libvirt.org/schemas/network/dnsmasq/1.0"/>';

const bridged: PlannedNetwork = {
  name: 'lan',
  mode: 'bridge',
  bridge: 'br0',
  domain: null,
  mtu: null,
  addresses: null,
  dhcp: [],
  dns: [],
  routes: [],
  dnsmasq_options: [],
  xml: [],
};

const dns = { enabled: true, local_only: true, forwarders: [], srvs: [], hosts: [] };
const open: PlannedNetwork = {
  ...bridged,
  name: 'kube_network_02',
  mode: 'open',
  bridge: 'virbr_kube02',
  domain: 'kube.internal',
  addresses: ['10.17.3.0/24'],
  dns: [dns],
};

/** Written after the provider's source and documentation. */
const cases: readonly (readonly [string, PlannedNetwork, readonly string[]])[] = [
  [
    'a bridge and nothing else in bridge mode',
    {
      ...bridged,
      addresses: ['10.17.3.0/24'],
      dhcp: [{ enabled: true }],
      dns: [{ ...dns, local_only: null }],
    },
    ['<name>lan</name>', '<forward mode="bridge"/>', '<bridge name="br0"/>', options],
  ],
  [
    'a domain and an MTU even in bridge mode',
    { ...bridged, domain: 'kube.internal', mtu: 1450 },
    [
      '<name>lan</name>',
      '<forward mode="bridge"/>',
      '<bridge name="br0"/>',
      '<mtu size="1450"/>',
      '<domain name="kube.internal"/>',
      options,
    ],
  ],
  [
    'the first address and a range of all others in open mode',
    open,
    [
      '<name>kube_network_02</name>',
      '<forward mode="open"/>',
      '<bridge name="virbr_kube02" stp="on"/>',
      '<domain name="kube.internal" localOnly="yes"/>',
      '<dns enable="yes"/>',
      '<ip address="10.17.3.1" family="ipv4" prefix="24"><dhcp><range start="10.17.3.2" end="10.17.3.254"/></dhcp></ip>',
      options,
    ],
  ],
  [
    'no range without DHCP, no DNS element without DNS, no forwarding in an isolated network',
    {
      ...open,
      mode: 'none',
      domain: null,
      dns: [{ ...dns, enabled: false }],
      dhcp: [{ enabled: false }],
      addresses: ['172.16.4.96/28'],
    },
    [
      '<name>kube_network_02</name>',
      '<bridge name="virbr_kube02" stp="on"/>',
      '<ip address="172.16.4.97" family="ipv4" prefix="28"/>',
      options,
    ],
  ],
];

describe("the provider's XML of a network", () => {
  test.each(cases)('has %s', (_what, network, elements) => {
    expect(
      networkXml(network)
        .split('\n')
        .map((line) => line.trim()),
    ).toEqual(['<network>', ...elements, '</network>', '']);
  });

  test('does not exist for a network that the provider refuses', () => {
    expect(() => networkXml({ ...open, mode: 'opened' })).toThrow("unsupported network mode 'opened'");
    expect(() => networkXml({ ...bridged, bridge: null })).toThrow("'bridge' must be provided");
    expect(() => networkXml({ ...open, addresses: ['10.17.3.0/30'] })).toThrow('too strict');
  });
});
