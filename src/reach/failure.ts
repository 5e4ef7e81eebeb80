import { didYouMean } from '../diagnostics/suggest.ts';
import { bridgeOn } from '../resolve/addressing.ts';
import type { Cluster, Hypervisor, Vip } from '../resolve/cluster.ts';
import type { Found } from './ends.ts';
import { type Card, cardOf, holding, type Machine, machinesOf } from './machines.ts';
import type { World } from './world.ts';

/** What is left of a cluster when something fails. */
export interface Failure {
  /** What fails, as it was said. */
  readonly names: readonly string[];
  /** The machines that are down with it. */
  readonly down: ReadonlySet<string>;
  /** The machines that run, and of which no bridge is left that anybody would reach them by. */
  readonly cutOff: ReadonlySet<string>;
  readonly world: World;
}

/** A bridge of one hypervisor. */
interface HostBridge {
  readonly hypervisor: Hypervisor;
  readonly name: string;
}

/** Takes nodes, hypervisors and bridges away: a hypervisor has its guests with it, a bridge the cards that are on it. */
export function failureOf(cluster: Cluster, names: readonly string[]): Found<Failure> {
  const down = new Set<string>();
  const bridges: HostBridge[] = [];
  for (const name of names) {
    const [bridge, ...others] = bridgesCalled(cluster, name);
    const machines = machinesWith(cluster, name);
    for (const machine of machines) down.add(machine);
    if (machines.length > 0) continue;
    if (bridge === undefined) return unknown(cluster, name);
    if (others.length > 0) return severalCalled(name, [bridge, ...others]);
    bridges.push(bridge);
  }
  const standing = machinesOf(cluster)
    .filter((machine) => !down.has(machine.name))
    .map((machine) => withoutBridges(cluster, machine, bridges));
  const cutOff = standing.filter(({ kind, cards }) => kind !== 'outside' && cards.length === 0);
  return {
    ...{ names, down, cutOff: new Set(cutOff.map(({ name }) => name)) },
    world: { cluster, machines: withVips(cluster, standing) },
  };
}

/** The member that holds a virtual IP: of those that are there the one with the highest priority (RFC 9568, 6.4). */
export function holderOf(vip: Vip, machines: readonly Machine[]): Machine | undefined {
  return vip.members
    .map(({ node, nic }) =>
      machines.find(
        ({ name, cards }) => name === node.name && nic.network === vip.network && hasCard(cards, nic),
      ),
    )
    .find((machine) => machine !== undefined);
}

function hasCard(cards: readonly Card[], { network, ip }: Pick<Card, 'network' | 'ip'>): boolean {
  return cards.some((card) => card.network === network && card.ip.equals(ip));
}

function withVips({ vips }: Cluster, machines: readonly Machine[]): Machine[] {
  const holders = vips.map((vip) => ({ vip, holder: holderOf(vip, machines) }));
  return machines.map((machine) => {
    const held = holders.filter(({ holder }) => holder === machine).map(({ vip }) => cardOf(vip));
    return held.length === 0 && machine.held.length === 0 ? machine : holding(machine, held);
  });
}

function withoutBridges(cluster: Cluster, machine: Machine, bridges: readonly HostBridge[]): Machine {
  const guest = cluster.nodes.find(({ name }) => name === machine.name);
  const host = machine.hypervisor ?? guest?.hypervisor;
  const isOn = ({ network }: Card) =>
    bridges.some(({ hypervisor, name }) => hypervisor === host && bridgeOn(network, hypervisor) === name);
  return {
    ...machine,
    cards: machine.cards.filter((card) => !isOn(card)),
    ways: machine.ways.filter(({ card }) => !isOn(card)),
  };
}

/** A machine of a name, and what runs on it. */
function machinesWith({ nodes, hypervisors }: Cluster, name: string): string[] {
  const own = [...nodes, ...hypervisors].filter((machine) => machine.name === name);
  const guests = nodes.filter(({ hypervisor }) => hypervisor.name === name);
  return [...own, ...guests].map((machine) => machine.name);
}

function bridgesCalled(cluster: Cluster, name: string): HostBridge[] {
  return bridgesIn(cluster).filter((bridge) => bridge.name === name || fullName(bridge) === name);
}

/** The hypervisors' own bridges, and those that libvirt makes. */
function bridgesIn({ hypervisors, networks }: Cluster): HostBridge[] {
  return hypervisors.flatMap((hypervisor) => {
    const names = [
      ...hypervisor.bridges.map(({ name }) => name),
      ...networks.flatMap((network) => bridgeOn(network, hypervisor) ?? []),
    ];
    return [...new Set(names)].map((name) => ({ hypervisor, name }));
  });
}

function fullName({ hypervisor, name }: HostBridge): string {
  return `${hypervisor.name}.${name}`;
}

function severalCalled(name: string, bridges: readonly HostBridge[]): { problem: string } {
  return {
    problem: `"${name}" is a bridge of several hypervisors: say ${bridges.map(fullName).join(' or ')}`,
  };
}

function unknown(cluster: Cluster, name: string): { problem: string } {
  const { nodes, hypervisors, vips, networks } = cluster;
  const vip = vips.find((one) => one.name === name);
  if (vip !== undefined)
    return {
      problem: `a virtual IP does not fail, its members do: ${vip.members.map(({ node }) => node.name).join(', ')}`,
    };
  const network = networks.find((one) => one.name === name);
  if (network !== undefined)
    return {
      problem: `a network does not fail, its bridge does: ${network.bridges.map(({ hypervisor, name: bridge }) => fullName({ hypervisor, name: bridge })).join(', ')}`,
    };
  const bridges = bridgesIn(cluster);
  const names = [...nodes, ...hypervisors, ...bridges].map((one) => one.name);
  const help = didYouMean(
    name,
    [...names, ...bridges.map(fullName)],
    `known: ${names.slice(0, 20).join(', ')}`,
  );
  return { problem: `there is no node, hypervisor or bridge "${name}"; ${help}` };
}
