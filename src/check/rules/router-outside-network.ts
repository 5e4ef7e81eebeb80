import { defineRule } from '../rule.ts';

export const routerOutsideNetwork = defineRule({
  id: 'router-outside-network',
  severity: 'warning',
  docs: {
    summary: 'a network has a router that is not in its range',
    why: 'A guest looks for its router among its neighbours. To one elsewhere Linux refuses the route, "Nexthop has invalid gateway" (`fib_check_nh` in net/ipv4/fib_semantics.c), unless it is told that the router is on the link (systemd.network(5), `GatewayOnLink=`). NetworkManager takes that for granted, systemd-networkd and netplan do not, so that their guests reach their own network and nothing else.',
    help: 'Say an address in the range of the network, or `onLink: true` if the router answers there all the same.',
    fails: 'networks:\n  lan: { router: 192.168.1.1 }',
    passes: 'networks:\n  lan: { router: { ip: 172.31.1.1, onLink: true } }',
  },
  *check({ networks }) {
    for (const { router, cidr, name, origin } of networks) {
      const isOnLink = router.onLink && router.hypervisor === undefined;
      if (cidr.contains(router.ip) || isOnLink) continue;
      yield {
        at: [...origin, 'router', 'ip'],
        message: `the router ${router.ip} is not in ${cidr}, where guests of "${name}" look for it`,
        related: [{ at: [...origin, 'cidr'], message: 'the network is here' }],
        help: `addresses there: ${cidr.firstHost}-${cidr.lastHost}; or \`onLink: true\` for one outside that guests reach directly`,
      };
    }
  },
});
