import type { Network } from '../../resolve/cluster.ts';
import { rangesOf, subnetOf } from '../../resolve/subnets.ts';
import { defineRule } from '../rule.ts';

export const addressOutsideNetwork = defineRule({
  id: 'address-outside-network',
  severity: 'error',
  docs: {
    summary: 'an address lies outside the ranges of its network',
    why: 'The guest would have no neighbour that is its router, so nothing reaches it and it reaches nothing; a virtual IP would be announced where no one looks for it. Libvirt refuses a reservation outside its range.',
    help: 'Give the node an address of its network, or name the network that the address belongs to.',
    fails: 'nodes:\n  worker1: { ip: 10.17.3.24 }',
    passes: 'nodes:\n  worker1: { ip: 10.17.4.24 }',
  },
  *check({ nodes, vips }) {
    for (const { ip, network, origin } of nodes.flatMap(({ nics }) => nics)) {
      if (subnetOf(network, ip) !== undefined) continue;
      yield {
        at: [...origin, 'ip'],
        message: `${ip} is not in "${network.name}" (${rangesOf(network).join(', ')})`,
        related: [
          { at: [...origin, 'network'], message: `"${network.name}" is said here` },
          { at: [...network.origin, 'cidr'], message: 'the network is here' },
        ],
        help: addressesOf(network),
      };
    }
    for (const { ip, network, members, origin } of vips) {
      if (subnetOf(network, ip) !== undefined) continue;
      yield {
        at: [...origin, 'ip'],
        message: `${ip} is not in "${network.name}" (${rangesOf(network).join(', ')}), the network of its members`,
        related: [
          { at: [...network.origin, 'cidr'], message: 'the network is here' },
          ...members.slice(0, 3).map(({ node, nic }) => ({
            at: [...nic.origin, 'network'],
            message: `"${node.name}" is in "${nic.network.name}"`,
          })),
        ],
        help: addressesOf(network),
      };
    }
  },
});

function addressesOf(network: Network): string {
  const ranges = rangesOf(network).map(({ firstHost, lastHost }) => `${firstHost}-${lastHost}`);
  return `addresses there: ${ranges.join(', ')}`;
}
