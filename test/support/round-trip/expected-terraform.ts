import type { Model, Network } from '../../../src/validate/model.ts';
import {
  addressOfHost,
  bridgeMac,
  bridgesWith,
  cardsOf,
  type HandBridge,
  isOne,
  isReserved,
  routerOf,
  routersOf,
} from './by-hand.ts';
import { firstHost, firstRange, rangesOf, withPrefix } from './hand-ranges.ts';

/** A network on one of its hypervisors. */
interface Placed extends HandBridge {
  readonly name: string;
  readonly network: Network;
}

/** What is in each of Terraform's folders: one for a network where there is one hypervisor, else one for a hypervisor. */
export function modulesOf(model: Model) {
  const all = Object.entries(model.networks).flatMap(([name, network]) =>
    bridgesWith(model, network).map((at): Placed => ({ ...at, name, network })),
  );
  const dirOf = ({ name, network, host }: Placed) => network.terraform?.dir ?? (isOne(model) ? name : host);
  return Object.fromEntries(
    [...new Set(all.map(dirOf))].map((dir) => {
      const together = all.filter((placed) => dirOf(placed) === dir);
      const hosts = [...new Set(together.map(({ host }) => host))];
      const aliases = hosts.length > 1;
      return [
        dir,
        {
          version: model.hypervisors[hosts[0] ?? '']?.terraform?.provider ?? '0.8.3',
          uris: hosts.map((host) => `${aliases ? host : ''} ${uriOf(model, host)}`),
          networks: together.map((placed) => networkOf(model, placed, aliases)),
        },
      ];
    }),
  );
}

/** Of the machine where Ansible and Terraform run the local one. */
function uriOf(model: Model, host: string): string {
  const hypervisor = model.hypervisors[host];
  if (hypervisor?.terraform?.uri !== undefined) return hypervisor.terraform.uri;
  if (hypervisor === undefined || (model.controller ?? host) === host) return 'qemu:///system';
  const user = hypervisor.user === undefined ? '' : `${hypervisor.user}@`;
  return `qemu+ssh://${user}${addressOfHost(hypervisor)}/system`;
}

function networkOf(model: Model, { host, bridge, name, network }: Placed, hasAlias: boolean) {
  const isBridge = network.mode === 'bridge';
  const isNew = model.hypervisors[host]?.terraform?.provider === '0.9.7';
  const isShared = network.terraform?.dir !== undefined && bridgesWith(model, network).length > 1;
  const label = network.terraform?.resource ?? name;
  const router = routerOf(model, network).ip;
  const routers = isBridge ? [] : routersOf(model, network).map((ip) => withPrefix(network, ip));
  // The older provider gives the bridge the first address of each range, and another one is said apart.
  const addresses = isBridge ? [] : isNew ? routers : rangesOf(network);
  const isTagged = model.hypervisors[host]?.bridges[bridge]?.kind === 'openvswitch';
  const facts = {
    mode: network.mode,
    bridge,
    domain: isBridge ? undefined : (network.domain ?? model.domain),
    mac: bridgeMac(model, name, network),
    range: network.dhcp,
    ports: network.mode === 'nat' ? (network.nat?.ports ?? '1024-65535') : undefined,
    vlan: network.vlan,
  };
  return {
    label: isShared ? `${label}_${host}` : label,
    alias: hasAlias ? host : undefined,
    name,
    ...facts,
    uuid: network.uuid,
    port: isTagged ? 'openvswitch' : undefined,
    hosts: network.dhcp === undefined ? [] : reservationsOf(model, name),
    addresses,
    served: network.dhcp === undefined ? [] : addresses.slice(0, 1),
    router: isBridge || isNew || router === firstHost(firstRange(network)) ? undefined : router,
    guard: isNew
      ? {
          ...facts,
          kind: isBridge ? (isTagged ? 'openvswitch' : 'linux') : undefined,
          ip: isBridge ? undefined : routers.join(', '),
        }
      : undefined,
  };
}

/** The nodes whose addresses libvirt's DHCP hands out. */
export function reservationsOf(model: Model, network: string): string[] {
  return Object.entries(model.nodes).flatMap(([name, node]) =>
    cardsOf(node)
      .filter((card) => card.network === network && isReserved(model, card))
      .map(({ ip, mac }) => `${name} ${mac} ${ip}`),
  );
}
