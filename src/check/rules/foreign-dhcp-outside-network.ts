import { rangesOf } from '../../resolve/subnets.ts';
import { defineRule } from '../rule.ts';

export const foreignDhcpOutsideNetwork = defineRule({
  id: 'foreign-dhcp-outside-network',
  severity: 'warning',
  docs: {
    summary: "somebody else's DHCP range is not in the network where it is said",
    why: 'Nothing can then be checked against it: the range is there so that no machine gets an address that is leased to another one. One of the two is a slip of the pen, or the range is that of another network.',
    help: 'Say the range as the server has it, at the network whose addresses it leases.',
    fails: 'networks:\n  lan: { foreignDhcp: 192.168.1.100-192.168.1.199 }',
    passes: 'networks:\n  lan: { foreignDhcp: 192.168.0.56-192.168.0.255 }',
  },
  *check({ networks }) {
    for (const network of networks) {
      const { foreignDhcp: range, name, origin } = network;
      const isInside = rangesOf(network).some((cidr) => range && cidr.includes(range.first, range.last));
      if (range === undefined || isInside) continue;
      yield {
        at: [...origin, 'foreignDhcp', 'range'],
        message: `${range} is not in "${name}" (${rangesOf(network).join(', ')})`,
        related: [{ at: [...origin, 'cidr'], message: 'the network is here' }],
      };
    }
  },
});
