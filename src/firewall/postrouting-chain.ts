import { bridgeOn } from '../resolve/addressing.ts';
import { type FirewallHost, outsideNodes, SEGMENT_ONLY, uplinks } from './places.ts';
import { allRouted, CLUSTER_NETWORKS, OUTSIDE_NODES, rule } from './rules.ts';
import type { Chain, Match } from './ruleset.ts';

/** Traffic that leaves for where nobody knows the way back gets the hypervisor's address. */
export function postroutingChain(host: FirewallHost): Chain {
  const to = (value: Extract<Match, { on: 'address' }>['value']): Match => ({
    on: 'address',
    key: 'daddr',
    value,
  });
  const ours: Match = { on: 'address', key: 'saddr', not: true, value: CLUSTER_NETWORKS };
  const known = outsideNodes(host).length > 0;
  return {
    name: 'postrouting',
    hook: { type: 'nat', at: 'postrouting' },
    rules: [
      rule([ours], 'return', 'not ours'),
      rule([to(allRouted(host))], 'return', 'inside the cluster'),
      rule([to(SEGMENT_ONLY)], 'return', 'never routed'),
      ...(known ? [rule([to(OUTSIDE_NODES)], 'return', 'our nodes there know the way back')] : []),
      ...withoutWayBack(host).map((value) =>
        rule([{ on: 'interface', key: 'oifname', value }], 'masquerade', `out of ${value}`),
      ),
    ],
  };
}

/** The uplinks whose router outside has no route to the cluster's networks. */
function withoutWayBack(host: FirewallHost): string[] {
  const knowing = host.cluster.networks.filter(
    ({ router }) => router.hypervisor === undefined && router.returnRoute,
  );
  return uplinks(host).filter(
    (bridge) => !knowing.some((network) => bridgeOn(network, host.hypervisor) === bridge),
  );
}
