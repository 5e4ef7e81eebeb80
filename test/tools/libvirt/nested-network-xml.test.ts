import { describe, expect, test } from 'vitest';
import { type NestedNetwork, nestedNetworkXml } from './nested-network-xml.ts';

const bridged = { name: 'lan', autostart: true, forward: { mode: 'bridge' }, bridge: { name: 'br0' } };

/** Written after the provider's source and libvirtxml's. */
const cases: readonly (readonly [string, NestedNetwork, readonly string[]])[] = [
  [
    'nothing for what is not said',
    { ...bridged, uuid: null, mac: null, ips: null, dns: { enable: null } },
    ['<name>lan</name>', '<forward mode="bridge"></forward>', '<bridge name="br0"></bridge>', '<dns></dns>'],
  ],
  [
    'a type for the kind of the virtual port',
    { ...bridged, virtual_port: { params: { open_v_switch: { interface_id: null } } } },
    [
      '<name>lan</name>',
      '<forward mode="bridge"></forward>',
      '<bridge name="br0"></bridge>',
      '<virtualport type="openvswitch"><parameters></parameters></virtualport>',
    ],
  ],
  [
    "an element for each member of a list, in libvirtxml's order",
    {
      name: 'kube',
      ips: [
        {
          prefix: 24,
          address: '10.17.4.1',
          dhcp: {
            hosts: [{ mac: '52:54:00:00:04:21' }, { mac: '52:54:00:00:04:24', name: '<&"' }],
            ranges: [{ start: '10.17.4.100', end: '10.17.4.199', lease: null }],
          },
        },
      ],
      domain: { name: 'kube.internal', local_only: 'yes' },
    },
    [
      '<name>kube</name>',
      '<domain name="kube.internal" localOnly="yes"></domain>',
      '<ip prefix="24" address="10.17.4.1"><dhcp><range start="10.17.4.100" end="10.17.4.199"></range>' +
        '<host mac="52:54:00:00:04:21"></host><host mac="52:54:00:00:04:24" name="&#60;&#38;&#34;"></host></dhcp></ip>',
    ],
  ],
];

describe("provider 0.9.7's XML of a network", () => {
  test.each(cases)('has %s', (_what, network, elements) => {
    expect(
      nestedNetworkXml(network)
        .split('\n')
        .map((line) => line.trim()),
    ).toEqual(['<network>', ...elements, '</network>', '']);
  });

  test('does not exist for what this translation does not know', () => {
    expect(() => nestedNetworkXml({ ...bridged, bandwidth: {} })).toThrow('no bandwidth');
    expect(() => nestedNetworkXml({ ...bridged, dns: { forward_plain_names: 'no' } })).toThrow(
      'no forward_plain',
    );
    expect(() => nestedNetworkXml({ ...bridged, virtual_port: { params: {} } })).toThrow('Open vSwitch');
  });
});
