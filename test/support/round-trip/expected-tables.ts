import type { Model } from '../../../src/validate/model.ts';
import {
  bridgesWith,
  cardsOf,
  dnsOf,
  frontendsOf,
  hostOf,
  isOne,
  isReserved,
  membersOf,
  rolesOf,
  routerOf,
  routersOf,
} from './by-hand.ts';
import { rangesOf } from './hand-ranges.ts';

/** The rows of the README's tables but for the systems, which have names of their own there; lists have no order. */
export function tablesOf(model: Model) {
  return {
    Networks: Object.entries(model.networks).map(([name, network]) => {
      const { host } = routerOf(model, network);
      const owner = host === undefined ? 'outside' : isOne(model) ? 'the hypervisor' : host;
      const bridges = bridgesWith(model, network).map((at) =>
        isOne(model) ? at.bridge : `${at.host}: ${at.bridge}`,
      );
      const { foreignDhcp: foreign } = network;
      const outside = typeof foreign === 'object' ? foreign.range : foreign;
      const dhcp = network.dhcp ?? (outside === undefined ? '' : `${outside} (outside)`);
      return [
        name,
        list(rangesOf(network)),
        network.mode,
        list([...bridges, ...(network.vlan === undefined ? [] : [`VLAN ${network.vlan}`])]),
        list(`${routersOf(model, network).join(', ')} (${owner})`.split(', ')),
        dhcp,
        list(dnsOf(model, network)),
      ].join(' | ');
    }),
    Nodes: Object.entries(model.nodes).map(([name, node]) => {
      const cards = cardsOf(node);
      return [
        name,
        ...(isOne(model) ? [] : [hostOf(model, node)]),
        list(rolesOf(node)),
        list(cards.map(({ network }) => network)),
        list(cards.map((card) => `${card.ip} (${isReserved(model, card) ? 'reserved' : 'static'})`)),
        list(cards.flatMap(({ mac }) => mac ?? [])),
        list(node.aliases ?? []),
      ].join(' | ');
    }),
    'Virtual IPs': Object.entries(model.vips).flatMap(([name, vip]) =>
      frontendsOf(name, vip).map(({ port, role, backendPort }) =>
        [
          name,
          vip.ip,
          vip.vrid ?? vip.ip.split('.').at(-1),
          list(membersOf(vip).map((member) => `${member.name} (${member.priority})`)),
          port,
          `${role}:${backendPort}`,
        ].join(' | '),
      ),
    ),
  };
}

function list(texts: readonly string[]): string {
  return [...texts].sort().join(', ');
}
