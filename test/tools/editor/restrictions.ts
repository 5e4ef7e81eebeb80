import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import type { Path } from '../../../src/diagnostics/diagnostic.ts';
import { inProject } from '../../support/paths.ts';
import { addEntry, type Edited, replaceValue, spanIn } from './edit-model.ts';
import { type JsonSchema, schema } from './schema-places.ts';

/** A value that would be right elsewhere, and what its schema says about it here. */
export interface Restriction {
  readonly title: string;
  readonly path: Path;
  readonly value: unknown;
  /** Where the message is shown: at the value itself where nothing else is said. */
  readonly at?: Path;
  readonly message: string;
}

const FRONTENDS = 'a VIP with `frontends` says its ports and backends there';

const CERTIFICATES = 'etcd knows masters by their client certificates';
const DATASTORE = ['kubernetes', 'datastore'];

/** What full.yaml cannot say, one for each condition of the schema. */
export const restrictions: readonly Restriction[] = [
  {
    title: 'a datastore with RKE2',
    path: ['kubernetes', 'distribution'],
    value: 'rke2',
    at: DATASTORE,
    message: 'RKE2 supports its embedded etcd; it calls every other datastore experimental',
  },
  {
    title: 'an SQL database with kubeadm',
    path: ['kubernetes', 'distribution'],
    value: 'kubeadm',
    at: [...DATASTORE, 'engine'],
    message: 'kubeadm knows no other datastore than etcd',
  },
  {
    title: 'a user of etcd',
    path: DATASTORE,
    value: { engine: 'etcd', at: 'infra1', user: 'k3s' },
    at: [...DATASTORE, 'user'],
    message: CERTIFICATES,
  },
  {
    title: 'a password of etcd',
    path: DATASTORE,
    value: { engine: 'etcd', at: 'infra1', password: 'vault_etcd' },
    at: [...DATASTORE, 'password'],
    message: CERTIFICATES,
  },
  {
    title: 'a database of etcd',
    path: DATASTORE,
    value: { engine: 'etcd', at: 'infra1', database: 'state' },
    at: [...DATASTORE, 'database'],
    message: 'etcd has no databases',
  },
  ...[
    ['network', 'lan'],
    ['ip', '192.168.0.52'],
    ['mac', '52:54:00:00:00:52'],
    ['interface', 'eth1'],
  ].map(([key = '', value]) => ({
    title: `${key} beside nics`,
    path: ['nodes', 'backup1', key],
    value,
    message: 'a node with `nics` says its addresses there',
  })),
  {
    title: 'a primary card where there is one',
    path: ['nodes', 'infra1', 'primary'],
    value: 'eth0',
    message: '`primary` chooses among `nics`; a node without them has one card',
  },
  {
    title: 'several ranges in bridge mode',
    path: ['networks', 'lan', 'cidr'],
    value: ['192.168.0.0/24'],
    message: 'in `bridge` mode each range is a network by itself; several can have one bridge',
  },
  {
    title: 'dhcp in bridge mode',
    path: ['networks', 'lan', 'dhcp'],
    value: '192.168.0.20-192.168.0.30',
    message: "in `bridge` mode libvirt serves no DHCP; say `foreignDhcp` for a pool of somebody else's",
  },
  {
    title: 'a MAC address of the bridge in bridge mode',
    path: ['networks', 'lan', 'mac'],
    value: '52:54:00:04:40:c6',
    message: "in `bridge` mode the bridge is the host's and keeps the MAC address of its uplink",
  },
  {
    title: 'NAT in bridge mode',
    path: ['networks', 'lan', 'nat'],
    value: { ports: '20000-29999' },
    message: 'libvirt masquerades in `nat` mode only',
  },
  {
    title: 'NAT in open mode',
    path: ['networks', 'kube', 'nat'],
    value: { ports: '20000-29999' },
    message: 'libvirt masquerades in `nat` mode only',
  },
  {
    title: 'a VLAN on a bridge of libvirt',
    path: ['networks', 'kube', 'vlan'],
    value: 10,
    message: "VLAN tags go with `bridge` mode: a bridge of libvirt's own has no VLANs",
  },
  {
    title: 'a router outside in open mode',
    path: ['networks', 'kube', 'router'],
    value: { owner: 'outside' },
    at: ['networks', 'kube', 'router', 'owner'],
    message: 'libvirt gives this address to the hypervisor; a router outside goes with `bridge` mode',
  },
  { title: 'a port beside frontends', path: ['vips', 'web', 'port'], value: 80, message: FRONTENDS },
  {
    title: 'backends beside frontends',
    path: ['vips', 'web', 'backends'],
    value: 'worker',
    message: FRONTENDS,
  },
  {
    title: 'a fraction of a second with VRRPv2',
    path: ['loadBalancing', 'keepalived', 'advertInterval'],
    value: 0.5,
    message: 'Expected a whole number of seconds such as 1: VRRPv2 counts in nothing smaller',
  },
  {
    title: 'a password with VRRPv3',
    path: ['loadBalancing', 'keepalived', 'vrrpVersion'],
    value: 3,
    at: ['loadBalancing', 'keepalived', 'authPass'],
    message: 'VRRPv3 has no authentication (RFC 9568); it goes with `vrrpVersion: 2`',
  },
];

/** full.yaml with a restriction broken, and the place to be underlined. */
export function broken({ path, value, at = path }: Restriction): Edited {
  const text = readFileSync(inProject('test/models/full.yaml'), 'utf8');
  const map = path.slice(0, -1);
  const isThere = parseDocument(text).hasIn(path);
  const edited = isThere ? replaceValue(text, path, value) : addEntry(text, map, String(path.at(-1)), value);
  return { text: edited.text, span: spanIn(edited.text, at, 'value') };
}

/** The messages of the schema's conditions; a choice between forms by type is none. */
export function conditionMessages(from: unknown = schema, isInCondition = false): string[] {
  if (from === null || typeof from !== 'object') return [];
  const { errorMessage, if: condition } = from as JsonSchema;
  const own = isInCondition && typeof errorMessage === 'string' ? [errorMessage] : [];
  const inner = Object.entries(from).flatMap(([key, value]) => {
    const isBranch = (key === 'then' || key === 'else') && condition?.type === undefined;
    return conditionMessages(value, isInCondition || isBranch);
  });
  return [...new Set([...own, ...inner])];
}
