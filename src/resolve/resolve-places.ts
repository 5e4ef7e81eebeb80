import type { Finding, Path } from '../diagnostics/diagnostic.ts';
import { Cidr } from '../net/cidr.ts';
import { Ipv4 } from '../net/ipv4.ts';
import type { Parsed } from '../net/parsed.ts';
import { hasCardIn } from './cards.ts';
import type { Cluster, Hypervisor, Network, Node, Place, Role, Vip } from './cluster.ts';
import { nameOf } from './name-of.ts';
import { type NameKind, type Namespace, WORDS } from './namespace.ts';
import { oncePer } from './once-per-cluster.ts';
import { isKubernetesNode } from './resolve-nodes.ts';

/** What places can name. */
export interface Named {
  readonly names: Namespace;
  readonly hypervisors: readonly Hypervisor[];
  readonly networks: readonly Network[];
  readonly roles: readonly Role[];
  readonly nodes: readonly Node[];
  readonly vips: readonly Vip[];
}

const KINDS: readonly NameKind[] = ['node', 'role', 'network', 'VIP', 'hypervisor', 'word'];

/** Turns the texts of `from`, `to` and `controller` into what they name, and collects those that name nothing. */
export class PlaceResolver {
  readonly findings: Finding[] = [];
  readonly #named: Named;
  readonly #places: ReadonlyMap<string, Place>;

  constructor(named: Named) {
    this.#named = named;
    this.#places = new Map<string, Place>([
      ['internet', { kind: 'internet' }],
      ...named.roles.map((role) => [role.name, { kind: 'role', role }] as const),
      ...builtInPlaces(named.nodes),
      ...named.hypervisors.map(
        (hypervisor) => [hypervisor.name, { kind: 'hypervisor', hypervisor }] as const,
      ),
      ...named.networks.map((network) => [network.name, { kind: 'network', network }] as const),
      ...named.vips.map((vip) => [vip.name, { kind: 'vip', vip }] as const),
      ...named.nodes.map((node) => [node.name, { kind: 'node', node }] as const),
    ]);
  }

  /** The place of a text; undefined where it names nothing, or something that is wrong elsewhere already. */
  resolve(text: string, at: Path): Place | undefined {
    const place = this.#places.get(text) ?? this.#address(text, at);
    const isKnown = this.#named.names.kindOf(text) !== undefined && !Object.hasOwn(WORDS, text);
    if (place === undefined && !isKnown && !isAddress(text)) {
      this.findings.push(this.#named.names.unknown(text, KINDS, at));
    }
    return place;
  }

  /** The places of a name or a list of names. */
  resolveAll(said: string | readonly string[], at: Path): Place[] {
    return textsIn(said, at).flatMap((one) => this.resolve(one.text, one.at) ?? []);
  }

  /** The one machine that a text names: a connection cannot start at several. */
  resolveMachine(text: string, at: Path): Place | undefined {
    const place = this.resolve(text, at);
    const isMachine =
      place?.kind === 'node' ||
      place?.kind === 'hypervisor' ||
      (place?.kind === 'address' && place.cidr.isAddress);
    if (place === undefined || isMachine) return place;
    return this.#refuse(at, `"${text}" is no single machine`, 'name a hypervisor, a node or an address');
  }

  /** The places of a name or a list of names where each has to be something that can answer. */
  resolveTargets(said: string | readonly string[], at: Path): Place[] {
    return textsIn(said, at).flatMap((one) => this.#target(one.text, one.at) ?? []);
  }

  /** The same where there can be one machine only, or a VIP. */
  resolveTarget(said: string | readonly string[], at: Path): Place[] {
    const targets = this.resolveTargets(said, at).flatMap(machinesOf);
    if (targets.length < 2) return targets;
    const names = targets.map(nameOf).join(', ');
    this.#refuse(
      at,
      `one address belongs here, not ${targets.length}: ${names}`,
      'name one, or a VIP in front of them',
    );
    return [];
  }

  #target(text: string, at: Path): Place | undefined {
    const place = this.resolve(text, at);
    if (place === undefined || !isRange(place)) return place;
    return this.#refuse(
      at,
      `"${text}" is nothing that could answer`,
      'name nodes, a role, a VIP, a hypervisor or an address',
    );
  }

  #refuse(at: Path, message: string, help: string): undefined {
    this.findings.push({ rule: 'wrong-value', at, message, help });
    return undefined;
  }

  #address(text: string, at: Path): Place | undefined {
    if (!isAddress(text)) return undefined;
    const result: Parsed<Cidr> = text.includes('/') ? Cidr.parse(text) : hostCidr(text);
    if (result.ok) return { kind: 'address', cidr: result.value, origin: at };
    const { reason, suggestion } = result.problem;
    this.findings.push({
      rule: 'wrong-value',
      at,
      message: `"${text}" is not ${text.includes('/') ? 'a network' : 'an IPv4 address'}: ${reason}`,
      ...(suggestion === undefined ? {} : { help: `did you mean "${suggestion}"?` }),
    });
    return undefined;
  }
}

/** An address or a network, as against a name, which can be a number. */
function isAddress(text: string): boolean {
  return text.includes('.');
}

/** A name or a list of names, each with where it stands. */
function textsIn(said: string | readonly string[], at: Path): { text: string; at: Path }[] {
  if (typeof said === 'string') return [{ text: said, at }];
  return said.map((text, index) => ({ text, at: [...at, index] }));
}

/** Whether a place is a range of addresses, of which no one has to answer. */
export function isRange(place: Place): boolean {
  return (
    place.kind === 'network' ||
    place.kind === 'internet' ||
    (place.kind === 'address' && !place.cidr.isAddress)
  );
}

/** Each node of a role by itself, and nothing for a range of addresses, of which no one has to answer. */
export function machinesOf(place: Place): Place[] {
  if (place.kind === 'role') return place.role.nodes.map((node) => ({ kind: 'node', node }));
  return isRange(place) ? [] : [place];
}

/** The nodes that a place is, or that have a card in it. */
export function nodesAt({ nodes }: Pick<Cluster, 'nodes'>, place: Place): readonly Node[] {
  if (place.kind === 'node') return [place.node];
  if (place.kind === 'role') return place.role.nodes;
  return nodes.filter((node) => place.kind === 'network' && hasCardIn(node, place.network));
}

function hostCidr(text: string): Parsed<Cidr> {
  const ip = Ipv4.parse(text);
  return ip.ok ? { ok: true, value: Cidr.around(ip.value, 32) } : ip;
}

/** The words that stand for nodes, as roles. */
const builtInPlaces = oncePer((nodes: readonly Node[]): ReadonlyMap<string, Place> => {
  const place = (name: string, members: readonly Node[]): [string, Place] => [
    name,
    { kind: 'role', role: { name, group: name, origin: ['nodes'], nodes: members } },
  ];
  return new Map([place('nodes', nodes), place('kubernetes', nodes.filter(isKubernetesNode))]);
});

/** All nodes, or all that run Kubernetes. */
export function builtInPlace(nodes: readonly Node[], name: 'nodes' | 'kubernetes'): Place {
  const place = builtInPlaces(nodes).get(name);
  if (place === undefined) throw new Error(`no built-in role ${name}`);
  return place;
}
