import { didYouMean } from '../diagnostics/suggest.ts';
import { Ipv4 } from '../net/ipv4.ts';
import { bridgeOn } from '../resolve/addressing.ts';
import type { Cluster, Hypervisor, Vip } from '../resolve/cluster.ts';
import { type Found, questionOf } from './ends.ts';
import { type Card, cardOf, holdersOf, holding, type Machine, machinesOf } from './machines.ts';
import type { Question } from './reach.ts';
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

/** Cards that are gone, of a machine. */
type Loss = (machine: Machine, card: Card) => boolean;

/**
 * Takes nodes, hypervisors, bridges and addresses away: a hypervisor has its guests with it, a bridge the cards that are
 * on it, and an address is on no machine any more, be it a router's outside.
 */
export function failureOf(cluster: Cluster, names: readonly string[]): Found<Failure> {
  const down = new Set<string>();
  const losses: Loss[] = [];
  for (const name of names) {
    const machines = machinesWith(cluster, name);
    for (const machine of machines) down.add(machine);
    if (machines.length > 0) continue;
    const loss = lossOf(cluster, name);
    if ('problem' in loss) return loss;
    losses.push(loss);
  }
  const standing = machinesOf(cluster)
    .filter((machine) => !down.has(machine.name))
    .map((machine) => after(losses, machine));
  const cutOff = standing.filter(({ kind, cards }) => kind !== 'outside' && cards.length === 0);
  return {
    ...{ names, down, cutOff: new Set(cutOff.map(({ name }) => name)) },
    world: { cluster, machines: withVips(cluster, standing) },
  };
}

/** What is asked on a command line of what is left. */
export function questionAfter(failure: Failure, from: string, to: string): Found<Question> {
  const { world, down } = failure;
  const question = questionOf(world.cluster, from, to);
  if ('problem' in question) return question;
  const { name } = question.from;
  if (down.has(name)) return { problem: `"${name}" is down, and asks nothing` };
  const asker = world.machines.find((machine) => machine.name === name);
  return { ...question, from: { ...question.from, ...asker } };
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

function after(losses: readonly Loss[], machine: Machine): Machine {
  const isLeft = (card: Card) => !losses.some((isLost) => isLost(machine, card));
  return {
    ...machine,
    cards: machine.cards.filter(isLeft),
    ways: machine.ways.filter(({ card }) => isLeft(card)),
  };
}

/** The cards of a bridge, or of an address. */
function lossOf(cluster: Cluster, name: string): Found<Loss> {
  const [bridge, ...others] = bridgesCalled(cluster, name);
  if (bridge !== undefined)
    return others.length > 0 ? severalCalled(name, [bridge, ...others]) : lossOfBridge(cluster, bridge);
  const ip = Ipv4.parse(name);
  const isVip = cluster.vips.some((vip) => `${vip.ip}` === name);
  if (!ip.ok || isVip) return unknown(cluster, name);
  const isHeld = holdersOf(machinesOf(cluster), ip.value).length > 0;
  return isHeld ? (_machine, card) => card.ip.equals(ip.value) : { problem: `nobody has ${name}` };
}

function lossOfBridge({ nodes }: Cluster, bridge: HostBridge): Loss {
  return ({ name, hypervisor }, { network }) => {
    const host = hypervisor ?? nodes.find((node) => node.name === name)?.hypervisor;
    return host === bridge.hypervisor && bridgeOn(network, host) === bridge.name;
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
  const vip = vips.find((one) => one.name === name || `${one.ip}` === name);
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
  return { problem: `there is no node, hypervisor, bridge or address "${name}"; ${help}` };
}
