import { PortRange } from '../net/port-range.ts';
import type { Flow } from '../resolve/cluster.ts';
import { enters, type FirewallHost, type LocalNetwork, ownBridges } from './places.ts';
import {
  CLUSTER_NETWORKS,
  clusterTraffic,
  echoRules,
  flowRules,
  pairsOf,
  refusal,
  rule,
  spoofRules,
  stateRules,
  verbatimRules,
} from './rules.ts';
import type { Chain, Match, Rule } from './ruleset.ts';

const CHAIN = 'cluster_input';

/** What guests open to the hypervisor itself. What anybody else opens to it is not this table's business. */
export function inputChains(host: FirewallHost): Chain[] {
  const traffic = clusterTraffic(host, 'source', CHAIN);
  // The host talks to its own router addresses over the loopback interface.
  const loopback = rule([{ on: 'interface', key: 'iifname', value: 'lo' }], 'accept');
  const base: Chain = { name: 'input', hook: { type: 'filter', at: 'input' }, rules: [loopback, ...traffic] };
  const rules = [
    ...stateRules(),
    ...ownBridges(host).flatMap(serviceRules),
    ...spoofRules(host),
    ...verbatimRules(host.cluster, 'input', 'flows'),
    ...host.cluster.flows.flatMap((flow) => inputRules(host, flow)),
    ...echoRules([CLUSTER_NETWORKS]),
    ...verbatimRules(host.cluster, 'input', 'refusal'),
    rule([{ on: 'group-addressed' }], 'drop', 'noise of the segment'),
    ...refusal(host.cluster, 'input'),
  ];
  return [base, { name: CHAIN, rules }];
}

/** What libvirt serves on the bridges that it makes; a client without an address yet asks from 0.0.0.0. */
function serviceRules({ bridge, network: { name, dhcp } }: LocalNetwork): Rule[] {
  const from: Match = { on: 'interface', key: 'iifname', value: bridge };
  const serve = (port: string, what: string) =>
    rule([from, { on: 'ports', ports: [PortRange.of(port)] }], 'accept', `${what} for ${name}`);
  return [
    ...(dhcp === undefined ? [] : [serve('67/udp', 'DHCP')]),
    serve('53', 'DNS'),
    serve('53/udp', 'DNS'),
  ];
}

function inputRules(host: FirewallHost, flow: Flow): Rule[] {
  return pairsOf(flow)
    .filter(([from, to]) => enters(host, from, to))
    .flatMap(([from, to]) => flowRules(host.cluster, { flow, from, to, extra: [] }));
}
