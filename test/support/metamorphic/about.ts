import { Cidr } from '../../../src/net/cidr.ts';
import type { Model, Network, Node } from '../../../src/validate/model.ts';
import type { Changed } from './edits.ts';
import { names, type Unit, without } from './units.ts';

/** The groups and sets that a role is known by; those of the built-in ones, too. */
const WORDS_OF_ROLES: Readonly<Record<string, readonly string[]>> = {
  master: ['master', 'masters', 'role_master'],
  worker: ['worker', 'workers', 'role_worker'],
  'load-balancer': ['load-balancer', 'load_balancers', 'role_load_balancer'],
};
/** The sets that other words for many stand for. */
const SETS: Readonly<Record<string, string>> = {
  nodes: 'all_nodes',
  kubernetes: 'kubernetes_nodes',
  internet: 'networks',
};
const KUBERNETES = ['master', 'worker', 'storage'];

/** Which lines an edit may change, by hand: those that name what it is about, and few others. */
export interface About {
  readonly isAbout: (unit: Unit) => boolean;
  /** What stands in lists among others: a list without it is the same list. */
  readonly tokens: readonly string[];
  /** The groups that a node is in: what one of them tries others may try no longer, or again (see distinctVerifications). */
  readonly groups?: readonly string[];
}

/** What an edit between two models is about: an entry that only one of them has. Undefined: it decides about the whole. */
export function aboutOf(before: Model, { model: after, node, network, flow }: Changed): About | undefined {
  if (node !== undefined) return aboutNode(node, before, after);
  if (network !== undefined) return aboutNetwork(network, before, after);
  if (flow !== undefined) return aboutFlow(flow);
  return { tokens: [], isAbout: () => false };
}

function aboutNode(name: string, before: Model, after: Model): About {
  const [without_, with_] = name in before.nodes ? [after, before] : [before, after];
  const node = with_.nodes[name];
  if (node === undefined) throw new Error(`no node ${name}`);
  const { ip = '', network: place = '' } = node;
  const tokens = [name, ip, ...(node.mac === undefined ? [] : [node.mac])];
  const roles = rolesOf(node);
  // The first of a role, or of a role on a network, may be the first that crosses the hypervisor to somewhere.
  const others = Object.values(without_.nodes);
  const opened = roles.filter(
    (role) => !others.some((other) => other.network === node.network && rolesOf(other).includes(role)),
  );
  const sets = opened.flatMap(
    (role) => WORDS_OF_ROLES[role] ?? [role, role.replaceAll('-', '_'), `role_${role.replaceAll('-', '_')}`],
  );
  // One that provides a service is asked by all.
  const { provides = [] } = node;
  const service =
    provides.length > 0
      ? /\b(DNS|time)\b|^README\.md > ## Networks > \||nameservers|The guests, each with its file|"DNS"|> - \d+(\.\d+){3}$|DNS=/
      : /^(?!)/;
  const sides = hasOutsideNodes(without_) ? [] : ['outside_nodes'];
  const groups = [
    place,
    ...rolesOf(node).flatMap((role) => WORDS_OF_ROLES[role] ?? role.replaceAll('-', '_')),
  ];
  // What crosses may name a set for the first time.
  const isNewSet = (unit: Unit) => (opened.length > 0 || provides.length > 0) && / > set /.test(unit);
  return {
    tokens,
    isAbout: (unit) =>
      names(unit, [...tokens, ...sides]) || names(unit, sets) || service.test(unit) || isNewSet(unit),
    groups,
  };
}

/** The roles of a node with the words that stand for many. */
function rolesOf({ role }: Node): string[] {
  const said = [role].flat();
  const isKubernetes = said.some((each) => KUBERNETES.includes(each));
  return [...said, 'nodes', 'all_nodes', ...(isKubernetes ? ['kubernetes', 'kubernetes_nodes'] : [])];
}

/** Nodes beside the hypervisor, which know a way back to it. */
function hasOutsideNodes(model: Model): boolean {
  return Object.values(model.nodes).some(({ network: name = '' }) => {
    const network = model.networks[name];
    const router = typeof network?.router === 'object' ? network.router : {};
    return name === 'lan' || (isOutside(network) && 'returnRoute' in router && router.returnRoute === true);
  });
}

/** By the rule of the model: the LAN, where the hypervisor has another address than the router, and what is said. */
function isOutside(network: Network | undefined): boolean {
  const owner = typeof network?.router === 'object' ? network.router.owner : undefined;
  return owner === 'outside' || network?.cidr === '192.168.0.0/24';
}

function aboutNetwork(name: string, before: Model, after: Model): About | undefined {
  const [without_, with_] = name in before.networks ? [after, before] : [before, after];
  const network = with_.networks[name];
  if (network === undefined) throw new Error(`no network ${name}`);
  const others = Object.values(without_.networks);
  // The first that the hypervisor routes brings the firewall, the first with DHCP a playbook of its own.
  const isClosed = ({ mode }: Network) => mode === 'nat' || mode === 'isolated';
  if (!others.some((other) => !isOutside(other) && !isClosed(other))) return undefined;
  if (network.dhcp !== undefined && !others.some(({ dhcp }) => dhcp !== undefined)) return undefined;
  const router =
    typeof network.router === 'string'
      ? network.router
      : (network.router?.ip ?? String(Cidr.of(network.cidr).firstHost));
  const dir = network.terraform?.dir ?? name;
  const isOwn = network.mode !== 'bridge';
  const first = isOwn && !others.some(({ mode }) => mode !== 'bridge') ? ['cluster_interfaces'] : [];
  // Who knows the way back on a bridge without an address of the host's.
  const way = network.bridge === 'br1' && isOutside(network) ? ['out of br1'] : [];
  const tokens = [name, network.cidr, router, dir, `terraform/${dir}/`, ...(isOwn ? [network.bridge] : [])];
  return { tokens, isAbout: (unit) => names(unit, [...tokens, ...first, ...way]) };
}

/** Rules and lines with its ends, its ports and its reason. */
function aboutFlow({ from, to, comment = '' }: NonNullable<Changed['flow']>): About {
  const places = [from, to].flat(2);
  const sets = places.flatMap((place) => SETS[place] ?? WORDS_OF_ROLES[place]?.at(-1) ?? []);
  const isRule = (unit: Unit) =>
    /chain cluster_(forward|input) \{ > .* accept( comment "|$)/.test(unit) &&
    (comment === '' || unit.endsWith(`comment "${comment}"`));
  const isSet = (unit: Unit) => names(unit, sets) && /> set /.test(unit);
  const title = [from, to].map((side) => `\`${[side].flat().join(', ')}\``).join(' to ');
  return {
    tokens: [],
    isAbout: (unit) =>
      isRule(unit) ||
      isSet(unit) ||
      (unit.startsWith('README.md') && unit.includes(`> - ${title}: `)) ||
      (unit.includes('/verify.yml > verify_targets: > ') && names(unit, ['tcp'])),
  };
}

/** What of two trees is neither the same, in the same order, nor about the edit. */
export function unrelated(before: readonly Unit[], after: readonly Unit[], about: About): string[] {
  const { tokens, groups = [] } = about;
  const tried = new Set([...before, ...after].filter((unit) => groups.includes(sourceOf(unit))).map(triedBy));
  const isAbout = (unit: Unit) => about.isAbout(unit) || (ENTRY.test(unit) && tried.has(triedBy(unit)));
  const shrunk = (units: readonly Unit[]) =>
    new Set(units.filter(isAbout).map((unit) => without(unit, tokens)));
  const [fromBefore, fromAfter] = [shrunk(before), shrunk(after)];
  const rest = (units: readonly Unit[], others: ReadonlySet<Unit>) =>
    units.filter((unit) => !isAbout(unit) && !others.has(unit));
  const [left, right] = [rest(before, fromAfter), rest(after, fromBefore)];
  const at = left.findIndex((unit, index) => unit !== right[index]);
  if (at === -1 && left.length === right.length) return [];
  const index = at === -1 ? left.length : at;
  return [`- ${left[index]}`, `+ ${right[index]}`];
}

const ENTRY = /\/verify\.yml > verify_targets: > - from: ([^\s,]+)(?:, \S+)* to: (.*)$/;

function sourceOf(unit: Unit): string {
  return ENTRY.exec(unit)?.[1] ?? '';
}

/** What an entry of verify.yml tries; nothing for any other line. */
function triedBy(unit: Unit): string | undefined {
  return ENTRY.exec(unit)?.[2];
}
