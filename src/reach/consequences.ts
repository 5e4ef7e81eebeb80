import type { Cluster, Network, Vip } from '../resolve/cluster.ts';
import { type Broken, brokenBy } from './broken.ts';
import { type Failure, holderOf } from './failure.ts';
import { holdersOf, type Machine, machinesOf } from './machines.ts';
import { type Quorum, quorumOf } from './quorum.ts';

/** What comes of a failure. */
export interface Consequences {
  readonly vips: readonly HeldVip[];
  readonly etcd: Quorum | undefined;
  readonly networks: readonly LostServices[];
  readonly broken: readonly Broken[];
}

/** The names of who holds a virtual IP before and after. */
export interface HeldVip {
  readonly vip: Vip;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** What guests of a network that still run have no longer. */
export interface LostServices {
  readonly network: Network;
  readonly lost: readonly ('router' | 'DHCP' | 'DNS')[];
}

export function consequencesOf(cluster: Cluster, failure: Failure): Consequences {
  const { machines } = failure.world;
  return {
    vips: cluster.vips.map((vip) => ({
      vip,
      before: holderOf(vip, machinesOf(cluster))?.name,
      after: holderOf(vip, machines)?.name,
    })),
    etcd: quorumOf(failure.world),
    networks: cluster.networks
      .map((network) => ({ network, lost: lostIn(cluster, network, machines) }))
      .filter(({ lost }) => lost.length > 0),
    broken: brokenBy(cluster, failure),
  };
}

/** Whether anything that is needed does not work any more. */
export function isHarmful({ vips, etcd, broken }: Consequences): boolean {
  const isHeadless = etcd !== undefined && etcd.left < etcd.needed;
  return isHeadless || broken.length > 0 || vips.some(({ after }) => after === undefined);
}

function lostIn(cluster: Cluster, network: Network, machines: readonly Machine[]): LostServices['lost'] {
  const isThere = ({ kind, cards }: Machine) =>
    kind === 'node' && cards.some((card) => card.network === network);
  if (!machines.some(isThere)) return [];
  const was = machinesOf(cluster);
  const isLost = (ip: Network['router']['ip']) =>
    holdersOf(was, ip).length > 0 && holdersOf(machines, ip).length === 0;
  const isRouterLost = network.subnets.some(({ router }) => isLost(router));
  return [
    ...(isRouterLost ? (['router'] as const) : []),
    // libvirt's DHCP listens at the router that it makes.
    ...(isRouterLost && network.dhcp !== undefined ? (['DHCP'] as const) : []),
    ...(network.dns.length > 0 && network.dns.every(isLost) ? (['DNS'] as const) : []),
  ];
}
