import type { Path } from '../../diagnostics/diagnostic.ts';
import type { Network } from '../../resolve/cluster.ts';
import { networksBySegment } from '../../resolve/segments.ts';
import { defineRule } from '../rule.ts';

export const dhcpTwice = defineRule({
  id: 'dhcp-twice',
  severity: 'warning',
  docs: {
    summary: 'two DHCP servers answer on one segment',
    why: 'A client asks all of its segment and takes the first answer that it likes (RFC 2131, section 3.1), so that it is chance which of the two ranges, routers and DNS servers a machine gets.',
    help: 'Let one of them serve the segment. If it is one server with two ranges, waive the rule and say so.',
    fails: 'networks:\n  kube: { foreignDhcp: 10.17.4.200-10.17.4.250 }',
    passes:
      'networks:\n  kube: { dhcp: 10.17.4.100-10.17.4.199 }\n  guests: { cidr: 10.17.5.0/24, bridge: virbr_guests, mode: open, foreignDhcp: 10.17.5.100-10.17.5.199 }',
  },
  *check(cluster) {
    for (const segment of networksBySegment(cluster)) {
      const [first, ...others] = segment.flatMap(serversOf);
      if (first === undefined) continue;
      for (const { at, what } of others) {
        yield {
          at,
          message: `DHCP is served on one segment by ${first.what} and by ${what}: who answers a guest is chance`,
          related: [{ at: first.at, message: 'the other one is here' }],
          help: 'let one of them serve the segment',
        };
      }
    }
  },
});

function serversOf({ name, dhcp, foreignDhcp, origin }: Network): { what: string; at: Path }[] {
  const own = { what: `libvirt for "${name}"`, at: [...origin, 'dhcp'] };
  const foreign = { what: `somebody else for "${name}"`, at: [...origin, 'foreignDhcp', 'range'] };
  return [...(dhcp === undefined ? [] : [own]), ...(foreignDhcp === undefined ? [] : [foreign])];
}
