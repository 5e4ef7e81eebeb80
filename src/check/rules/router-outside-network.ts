import { defineRule } from '../rule.ts';

export const routerOutsideNetwork = defineRule({
  id: 'router-outside-network',
  severity: 'warning',
  docs: {
    summary: 'a network has a router that is not in its range',
    why: 'A guest finds its router among its neighbours. To one elsewhere Linux refuses a route: "Nexthop has invalid gateway" (`fib_check_nh` in net/ipv4/fib_semantics.c), so that the guest reaches its own network and nothing else.',
    help: 'Say an address in the range of the network.',
    fails: 'networks:\n  lan: { router: 192.168.1.1 }',
    passes: 'networks:\n  lan: { router: 192.168.0.254 }',
  },
  *check({ networks }) {
    for (const { router, cidr, name, origin } of networks) {
      if (cidr.contains(router.ip)) continue;
      yield {
        at: [...origin, 'router', 'ip'],
        message: `the router ${router.ip} is not in ${cidr}, so that guests of "${name}" have no way out`,
        related: [{ at: [...origin, 'cidr'], message: 'the network is here' }],
        help: `addresses there: ${cidr.firstHost} and up`,
      };
    }
  },
});
