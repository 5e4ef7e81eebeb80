import { routedNetworks } from '../resolve/addressing.ts';
import type { Cluster, Network } from '../resolve/cluster.ts';
import { compareNames } from '../resolve/compare-names.ts';
import { forwardChains } from './forward-chains.ts';
import { inputChains } from './input-chains.ts';
import { outsideNodes, ownBridges, roleSet } from './places.ts';
import { postroutingChain } from './postrouting-chain.ts';
import { CLUSTER_INTERFACES, CLUSTER_NETWORKS, NETWORKS, OUTSIDE_NODES } from './rules.ts';
import type { Chain, Match, NamedSet, Ruleset } from './ruleset.ts';

/**
 * The hypervisor's firewall: one table that decides about the cluster's own interfaces and addresses and lets
 * everything else pass, so that it can stand beside libvirt's and anybody else's.
 */
export function buildRuleset(cluster: Cluster): Ruleset {
  const isRouter = routedNetworks(cluster).length > 0;
  const chains = isRouter
    ? [...forwardChains(cluster), ...inputChains(cluster), postroutingChain(cluster)]
    : [];
  const table = `gi_${cluster.name.replaceAll('-', '_')}`;
  return { table, sets: referencedSets(cluster, chains), chains };
}

/** The named sets that the rules of these chains name. */
function referencedSets(cluster: Cluster, chains: readonly Chain[]): NamedSet[] {
  const named = new Set(
    chains.flatMap(({ rules }) => rules.flatMap(({ matches }) => matches.flatMap(setOf))),
  );
  return [...fixedSets(cluster), ...roleSets(cluster)].filter(({ name }) => named.has(name));
}

function fixedSets(cluster: Cluster): NamedSet[] {
  const cidrs = (networks: readonly Network[]) =>
    networks.map(({ cidr, name }) => ({ value: cidr, comment: name }));
  return [
    {
      name: CLUSTER_INTERFACES.set,
      comment: 'bridges that carry nothing but one of the networks',
      elements: ownBridges(cluster).map(({ bridge, name }) => ({ value: bridge, comment: name })),
    },
    {
      name: CLUSTER_NETWORKS.set,
      comment: 'networks that the hypervisor routes',
      elements: cidrs(routedNetworks(cluster)),
    },
    { name: NETWORKS.set, comment: 'all networks', elements: cidrs(cluster.networks) },
    {
      name: OUTSIDE_NODES.set,
      comment: 'nodes and VIPs behind a router outside',
      elements: outsideNodes(cluster).map(({ ip, name }) => ({ value: ip, comment: name })),
    },
  ];
}

function roleSets({ flows }: Cluster): NamedSet[] {
  const places = flows.flatMap(({ from, to }) => [...from, ...to]).filter((place) => place.kind === 'role');
  const sets = new Map(places.map((place) => [place.role.name, roleSet(place)]));
  return [...sets.values()].sort((a, b) => compareNames(a.name, b.name));
}

function setOf(match: Match): string[] {
  return 'value' in match && typeof match.value === 'object' && 'set' in match.value ? [match.value.set] : [];
}
