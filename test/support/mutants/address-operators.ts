import type { Path } from '../../../src/diagnostics/diagnostic.ts';
import type { Ipv4 } from '../../../src/net/ipv4.ts';
import type { Cluster, Network } from '../../../src/resolve/cluster.ts';
import { cardsOf, freeIn, isIn, shifted, unusedIn } from './facts.ts';
import { type Expectation, type Operator, operator } from './operator.ts';

/** Somebody with an address in a network. */
interface Holder {
  readonly name: string;
  readonly network: Network;
  readonly ip: Ipv4;
  /** Where the address stands. */
  readonly at: Path;
  /** Whether DHCP does not reserve it in any range. */
  readonly isStatic: boolean;
}

function nodesIn(cluster: Cluster): Holder[] {
  return cardsOf(cluster).map(({ node, nic: { network, ip, mac, addressing, origin } }) => {
    const at = [...origin, 'ip'];
    return { name: node.name, network, ip, at, isStatic: addressing === 'static' && mac === undefined };
  });
}

function vipsIn({ vips }: Cluster): Holder[] {
  return vips.map(({ name, network, ip, origin }) => ({
    name,
    network,
    ip,
    at: [...origin, 'ip'],
    isStatic: true,
  }));
}

type Offer = (holder: Holder, cluster: Cluster) => Ipv4 | undefined;

/** Nodes, or VIPs, get another address. */
function readdress(
  [who, what]: readonly ['a node' | 'a VIP', string],
  expects: Expectation,
  offer: Offer,
): Operator {
  return operator(`${who} gets ${what}`, expects, function* (source) {
    const { cluster } = source;
    for (const holder of who === 'a node' ? nodesIn(cluster) : vipsIn(cluster)) {
      const ip = offer(holder, cluster);
      if (ip !== undefined && !ip.equals(holder.ip)) yield source.replace(holder.at, ip.toString());
    }
  });
}

/** The same octet in another /24. */
const outside: Offer = ({ ip, network }) =>
  [256, -256, 2 ** 16].map((by) => shifted(ip, by)).find((other) => !isIn(network, other));
const ofANode: Offer = ({ network, name }, cluster) =>
  nodesIn(cluster).find((other) => other.network === network && other.name !== name)?.ip;
const ofAVip: Offer = ({ network, name }, cluster) =>
  vipsIn(cluster).find((other) => other.network === network && other.name !== name)?.ip;
const ofTheRouter: Offer = ({ network }) =>
  isIn(network, network.router.ip) ? network.router.ip : undefined;
const ofTheHost: Offer = ({ network }, { hypervisors }) =>
  hypervisors
    .flatMap((hypervisor) =>
      hypervisor.bridges.filter(({ name }) =>
        network.bridges.some(
          (bridge) => bridge.hypervisor === hypervisor && bridge.name === name && network.vlan === undefined,
        ),
      ),
    )
    .map(({ ip }) => ip)
    .find((ip) => ip !== undefined && isIn(network, ip));
const ofTheNetwork: Offer = ({ network: { cidr } }) => (cidr.prefix < 31 ? cidr.network : undefined);
const ofEverybody: Offer = ({ network: { cidr } }) => (cidr.prefix < 31 ? cidr.last : undefined);
const inThePool: Offer = ({ network, isStatic }, cluster) =>
  isStatic && network.dhcp ? unusedIn(cluster, network, network.dhcp) : undefined;
const inTheForeignPool: Offer = ({ network, name }, cluster) =>
  network.foreignDhcp && !network.reservedOutside.includes(name)
    ? unusedIn(cluster, network, network.foreignDhcp)
    : undefined;

export const addressOperators: readonly Operator[] = [
  readdress(['a node', 'an address outside its network'], 'error', outside),
  readdress(['a node', 'the address of another node'], 'error', ofANode),
  readdress(['a node', 'the address of a VIP'], 'error', ofAVip),
  readdress(['a node', 'the address of the router'], 'error', ofTheRouter),
  readdress(['a node', 'the address of the host'], 'error', ofTheHost),
  readdress(['a node', 'the address of the network'], 'error', ofTheNetwork),
  readdress(['a node', 'the broadcast address'], 'error', ofEverybody),
  readdress(['a node', 'an address that DHCP leases'], 'error', inThePool),
  readdress(['a node', 'an address that a foreign DHCP leases'], 'warning', inTheForeignPool),
  readdress(['a node', 'another free address'], 'either', ({ network }, cluster) => freeIn(cluster, network)),
  readdress(['a VIP', 'an address outside its network'], 'error', outside),
  readdress(['a VIP', 'the address of a node'], 'error', ofANode),
  readdress(['a VIP', 'the address of another VIP'], 'error', ofAVip),
  readdress(['a VIP', 'the address of the router'], 'error', ofTheRouter),
  readdress(['a VIP', 'the address of the host'], 'error', ofTheHost),
  readdress(['a VIP', 'the broadcast address'], 'error', ofEverybody),
  readdress(['a VIP', 'an address that a foreign DHCP leases'], 'warning', inTheForeignPool),
  readdress(['a VIP', 'another free address'], 'either', ({ network }, cluster) => freeIn(cluster, network)),
];
