import type { Cidr } from '../net/cidr.ts';
import { routedNetworks } from '../resolve/addressing.ts';
import type { Cluster, Hypervisor, Network } from '../resolve/cluster.ts';
import { compareNames } from '../resolve/compare-names.ts';
import { firstOfEach } from '../resolve/group-by.ts';
import { oncePerCluster } from '../resolve/once-per-cluster.ts';
import { rangesOf } from '../resolve/subnets.ts';
import { forwardChains } from './forward-chains.ts';
import { inputChains } from './input-chains.ts';
import { type FirewallHost, outsideNodes, ownBridges, roleSet, routedHere } from './places.ts';
import { postroutingChain } from './postrouting-chain.ts';
import { CLUSTER_INTERFACES, CLUSTER_NETWORKS, NETWORKS, OUTSIDE_NODES, ROUTED_NETWORKS } from './rules.ts';
import type { Chain, Match, NamedSet, Ruleset } from './ruleset.ts';

/**
 * A hypervisor's firewall: one table that decides about the cluster's own interfaces and addresses and lets
 * everything else pass, so that it can stand beside libvirt's and anybody else's.
 */
export function buildRuleset(host: FirewallHost): Ruleset {
  const isRouter = routedHere(host).length > 0;
  const chains = isRouter ? [...forwardChains(host), ...inputChains(host), postroutingChain(host)] : [];
  return { table: tableName(host.cluster), sets: referencedSets(host, chains), chains };
}

/** The rulesets of all hypervisors. */
export const rulesetsOf = oncePerCluster(
  (cluster): ReadonlyMap<Hypervisor, Ruleset> =>
    new Map(cluster.hypervisors.map((hypervisor) => [hypervisor, buildRuleset({ cluster, hypervisor })])),
);

/** The name of the cluster's table, on every hypervisor. */
export function tableName({ name }: Pick<Cluster, 'name'>): string {
  return `gi_${name.replaceAll('-', '_')}`;
}

/** The named sets that the rules of these chains name. */
function referencedSets(host: FirewallHost, chains: readonly Chain[]): NamedSet[] {
  const named = new Set(
    chains.flatMap(({ rules }) =>
      rules.flatMap((rule) => ('matches' in rule ? rule.matches.flatMap(setOf) : [])),
    ),
  );
  return [...fixedSets(host), ...roleSets(host.cluster)].filter(({ name }) => named.has(name));
}

function fixedSets(host: FirewallHost): NamedSet[] {
  const { cluster } = host;
  const cidrs = (networks: readonly Network[]) =>
    widest(
      networks.flatMap((network) => rangesOf(network).map((value) => ({ value, comment: network.name }))),
    );
  return [
    {
      name: CLUSTER_INTERFACES.set,
      comment: 'bridges that carry nothing but one of the networks',
      elements: ownBridges(host).map(({ bridge, network }) => ({ value: bridge, comment: network.name })),
    },
    {
      name: CLUSTER_NETWORKS.set,
      comment: 'networks that the hypervisor routes',
      elements: cidrs(routedHere(host).map(({ network }) => network)),
    },
    {
      name: ROUTED_NETWORKS.set,
      comment: 'networks that any hypervisor routes',
      elements: cidrs(routedNetworks(cluster)),
    },
    { name: NETWORKS.set, comment: 'all networks', elements: cidrs(cluster.networks) },
    {
      name: OUTSIDE_NODES.set,
      comment: 'nodes and VIPs behind a router outside',
      elements: outsideNodes(host).map(({ ip, name }) => ({ value: ip, comment: name })),
    },
  ];
}

/** The ranges that lie in no other one: at sites that nothing joins they can overlap, in a set of nft they cannot. */
function widest<T extends { readonly value: Cidr }>(elements: readonly T[]): T[] {
  return elements.filter(({ value }, index) =>
    elements.every(
      (other, place) =>
        place === index ||
        !other.value.contains(value.network) ||
        (other.value.equals(value) ? place > index : other.value.prefix > value.prefix),
    ),
  );
}

function roleSets({ flows }: Cluster): NamedSet[] {
  const places = flows.flatMap(({ from, to }) => [...from, ...to]).filter((place) => place.kind === 'role');
  return firstOfEach(places, ({ role }) => role.name)
    .map(roleSet)
    .sort((a, b) => compareNames(a.name, b.name));
}

function setOf(match: Match): string[] {
  return 'value' in match && typeof match.value === 'object' && 'set' in match.value ? [match.value.set] : [];
}
