import { bridgeOn } from '../resolve/addressing.ts';
import type { Network } from '../resolve/cluster.ts';
import { isUntagged } from '../resolve/modes.ts';
import { rangesOf } from '../resolve/subnets.ts';
import {
  type FirewallHost,
  type LocalNetwork,
  outsideNodes,
  routedHere,
  SEGMENT_ONLY,
  uplinks,
} from './places.ts';
import { allRouted, CLUSTER_NETWORKS, OUTSIDE_NODES, rule } from './rules.ts';
import type { Chain, Match, Rule } from './ruleset.ts';

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
      ...routedHere(host)
        .filter(({ network }) => network.mode === 'nat')
        .map(masqueradedByLibvirt),
      rule([to(allRouted(host))], 'return', 'inside the cluster'),
      rule([to(SEGMENT_ONLY)], 'return', 'never routed'),
      ...(known ? [rule([to(OUTSIDE_NODES)], 'return', 'our nodes there know the way back')] : []),
      ...withoutWayBack(host).map((value) =>
        rule([{ on: 'interface', key: 'oifname', value }], 'masquerade', `out of ${value}`),
      ),
    ],
  };
}

/** In nat mode libvirt gives what leaves the hypervisor's address by itself, also towards the cluster's other networks. */
function masqueradedByLibvirt({ network }: LocalNetwork): Rule {
  const source: Match = { on: 'address', key: 'saddr', value: rangesOf(network) };
  return rule([source], 'return', `libvirt masquerades ${network.name}`);
}

/** The uplinks whose router outside has no route to the cluster's networks. */
function withoutWayBack(host: FirewallHost): string[] {
  return uplinks(host).filter(
    (bridge) => !gatewayNetworks(host, bridge).some(({ router }) => router.returnRoute),
  );
}

/** Of several networks with a router outside the one that the host's own address is in has the host's gateway. */
function gatewayNetworks({ cluster, hypervisor }: FirewallHost, bridge: string): Network[] {
  const outside = cluster.networks.filter(
    (network) =>
      network.router.hypervisor === undefined &&
      isUntagged(network) &&
      bridgeOn(network, hypervisor) === bridge,
  );
  const ip = hypervisor.bridges.find(({ name }) => name === bridge)?.ip;
  const own = outside.filter(({ cidr }) => ip !== undefined && cidr.contains(ip));
  return own.length > 0 ? own : outside;
}
