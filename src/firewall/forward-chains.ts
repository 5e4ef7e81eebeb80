import type { Flow } from '../resolve/cluster.ts';
import { letsOpen } from '../resolve/modes.ts';
import { rangesOf } from '../resolve/subnets.ts';
import {
  crosses,
  type FirewallHost,
  type LocalNetwork,
  ownBridges,
  routedHere,
  SEGMENT_ONLY,
  uplinks,
} from './places.ts';
import {
  clusterTraffic,
  echoRules,
  flowRules,
  neighbourRules,
  ownSources,
  pairsOf,
  refusal,
  rule,
  spoofRules,
  stateRules,
  verbatimRules,
} from './rules.ts';
import type { Chain, Match, Rule } from './ruleset.ts';

const CHAIN = 'cluster_forward';

/** What passes between networks: the base chain picks out what is the cluster's, the other one decides about it. */
export function forwardChains(host: FirewallHost): Chain[] {
  const base: Chain = {
    name: 'forward',
    hook: { type: 'filter', at: 'forward' },
    rules: [...clusterTraffic(host, 'source', CHAIN), ...clusterTraffic(host, 'target', CHAIN)],
  };
  const rules = [
    ...stateRules(),
    ...routedHere(host).map(bridgedRule),
    ...spoofRules(host),
    ...neighbourRules(host),
    ...ownBridges(host).flatMap(closedRules),
    ...verbatimRules(host.cluster, 'forward', 'flows'),
    ...host.cluster.flows.flatMap((flow) => forwardRules(host, flow)),
    ...echoRules(ownSources(host)),
    ...verbatimRules(host.cluster, 'forward', 'refusal'),
    ...refusal(host.cluster, 'forward'),
  ];
  return [base, { name: CHAIN, rules }];
}

/** Frames between two guests of one network: with br_netfilter they come this way, too. */
function bridgedRule({ bridge, network }: LocalNetwork): Rule {
  const ranges = rangesOf(network);
  const through: Match[] = [
    { on: 'interface', key: 'iifname', value: bridge },
    { on: 'interface', key: 'oifname', value: bridge },
  ];
  const inside: Match[] = [
    { on: 'address', key: 'saddr', value: ranges },
    { on: 'address', key: 'daddr', value: [...ranges, ...SEGMENT_ONLY] },
  ];
  // What is routed between two networks of a shared bridge enters and leaves by it, too: that is no bridging.
  const matches = network.mode === 'bridge' ? [...through, ...inside] : through;
  return rule(matches, 'accept', `bridged inside ${network.name}`);
}

/** What libvirt's own rules refuse is refused here, too: the sets of a flow may have more than can reach its end. */
function closedRules({ bridge, network }: LocalNetwork): Rule[] {
  const { name, mode } = network;
  const closed = (key: 'iifname' | 'oifname', comment: string): Rule => ({
    ...rule([{ on: 'interface', key, value: bridge }], 'reject', comment),
    counter: true,
  });
  return [
    ...(letsOpen(network, undefined) ? [] : [closed('iifname', `${mode}: nothing leaves ${name}`)]),
    ...(letsOpen(undefined, network) ? [] : [closed('oifname', `${mode}: nothing enters ${name}`)]),
  ];
}

/** One rule for each pair of places that a flow lets cross, and each protocol; the way out is an uplink. */
function forwardRules(host: FirewallHost, flow: Flow): Rule[] {
  return pairsOf(flow)
    .filter(([from, to]) => crosses(host, from, to))
    .flatMap(([from, to]) => {
      if (to.kind !== 'internet') return flowRules(host.cluster, { flow, from, to, extra: [] });
      return uplinks(host).flatMap((value) =>
        flowRules(host.cluster, { flow, from, to, extra: [{ on: 'interface', key: 'oifname', value }] }),
      );
    });
}
