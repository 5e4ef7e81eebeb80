import type { Model, Node } from '../../../src/validate/model.ts';
import { cardsOf, routed, routerOf, routersOf, routesOf } from '../round-trip/by-hand.ts';
import { setsOf } from '../round-trip/expected-sets.ts';
import { modulesOf } from '../round-trip/expected-terraform.ts';
import { rangesOf } from '../round-trip/hand-ranges.ts';
import type { Changed } from './edits.ts';
import { names, type Unit, without } from './units.ts';

/** The groups and sets that a role is known by; those of the built-in ones, too. */
const WORDS_OF_ROLES: Readonly<Record<string, readonly string[]>> = {
  master: ['master', 'masters', 'role_master'],
  worker: ['worker', 'workers', 'role_worker'],
  'load-balancer': ['load-balancer', 'load_balancers', 'role_load_balancer'],
};
const KUBERNETES = ['master', 'worker', 'storage'];

/** Which lines an edit may change, by hand: those that name what it is about, and few others. */
export interface About {
  readonly isAbout: (unit: Unit) => boolean;
  /** What stands in lists among others: a list without it is the same list. */
  readonly tokens: readonly string[];
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
  const cards = cardsOf(node);
  const tokens = [name, ...cards.flatMap(({ ip, mac }) => [ip, ...(mac === undefined ? [] : [mac])])];
  const roles = rolesOf(node);
  // The first of a role, or of a role on a network, may be the first that crosses the hypervisor to somewhere.
  const others = Object.values(without_.nodes);
  const opened = roles.filter((role) =>
    cards.some(
      ({ network }) =>
        !others.some(
          (other) => cardsOf(other).some((card) => card.network === network) && rolesOf(other).includes(role),
        ),
    ),
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
  // Provider 0.9.7 says no empty list.
  const isList = (unit: Unit) => cards.some(({ mac }) => mac !== undefined) && unit.endsWith(' > hosts = [');
  // What crosses may name a set for the first time.
  const isNewSet = (unit: Unit) => (opened.length > 0 || provides.length > 0) && / > set /.test(unit);
  return {
    tokens,
    isAbout: (unit) =>
      names(unit, [...tokens, ...sides]) ||
      names(unit, sets) ||
      service.test(unit) ||
      isNewSet(unit) ||
      isList(unit),
  };
}

/** The roles of a node with the words that stand for many. */
function rolesOf({ role }: Node): string[] {
  const said = [role].flat();
  const isKubernetes = said.some((each) => KUBERNETES.includes(each));
  return [...said, 'nodes', 'all_nodes', ...(isKubernetes ? ['kubernetes', 'kubernetes_nodes'] : [])];
}

/** Whether each hypervisor has nodes beside it already. */
function hasOutsideNodes(model: Model): boolean {
  return Object.keys(model.hypervisors).every((host) => setsOf(model, host)['outside_nodes']?.length !== 0);
}

function aboutNetwork(name: string, before: Model, after: Model): About | undefined {
  const [without_, with_] = name in before.networks ? [after, before] : [before, after];
  const network = with_.networks[name];
  if (network === undefined) throw new Error(`no network ${name}`);
  const others = Object.values(without_.networks);
  const { host } = routerOf(with_, network);
  // The first that a hypervisor routes brings its firewall, the first with DHCP a playbook of its own.
  if (host !== undefined && routed(without_, host).length === 0) return undefined;
  if (network.dhcp !== undefined && !others.some(({ dhcp }) => dhcp !== undefined)) return undefined;
  const known = new Set(Object.keys(modulesOf(without_)));
  const dirs = Object.keys(modulesOf(with_))
    .filter((dir) => !known.has(dir))
    .flatMap((dir) => [`terraform/${dir}/`, `terraform/${dir}`]);
  const isOwn = network.mode !== 'bridge';
  const first =
    isOwn && !others.some((other) => other.mode !== 'bridge' && routerOf(without_, other).host === host)
      ? ['cluster_interfaces']
      : [];
  // The first that something leaves through the hypervisor names what is no network; the first beyond it a route.
  const leaving =
    host === undefined ? [] : routed(without_, host).filter(([, { mode }]) => mode !== 'isolated');
  const routing = Object.entries(with_.nodes).flatMap(([each, node]) =>
    routesOf(with_, node).length > 0 && routesOf(without_, node).length === 0
      ? [`/host_vars/${each}/vars.yml > `]
      : [],
  );
  const isNew = (unit: Unit) =>
    routing.some((file) => unit.includes(file)) ||
    (leaving.length === 0 && / > set networks /.test(unit)) ||
    / > routes:$|Ansible and Terraform run on /.test(unit);
  // Who knows the way back on a bridge without an address of the host's.
  const way = network.bridge === 'br1' && host === undefined ? ['out of br1'] : [];
  const port = `${network.bridge}.${network.vlan}`;
  const tokens = [
    ...[name, ...rangesOf(network), ...routersOf(with_, network), ...dirs],
    ...(isOwn ? [network.bridge] : []),
    ...(network.vlan === undefined ? [] : [port, `net.ipv4.conf.${port.replace('.', '/')}.send_redirects`]),
  ];
  return {
    tokens,
    isAbout: (unit) => names(unit, [...tokens, ...first, ...way]) || isNew(unit),
  };
}

/** What is tried at a port, from where. */
const ENTRY = /\/verify\.yml > verify_targets: > - from: (\S+) except: .*? to: (\S+) .*tcp port: \d+$/;

/** Rules and lines with its ends, its ports and its reason. */
function aboutFlow({ from, to, comment = '' }: NonNullable<Changed['flow']>): About {
  const places = [from, to].flat(2);
  const sets = places.flatMap(
    (place) =>
      WORDS_OF_ROLES[place]?.at(-1) ?? [
        `role_${place}`,
        ...(place === 'nodes' ? ['all_nodes'] : []),
        ...(place === 'kubernetes' ? ['kubernetes_nodes'] : []),
      ],
  );
  const isRule = (unit: Unit) =>
    /chain cluster_(forward|input) \{ > .* accept( comment "|$)/.test(unit) &&
    (comment === '' || unit.endsWith(`comment "${comment}"`));
  const isSet = (unit: Unit) => names(unit, sets) && /> set /.test(unit);
  const words = new Set(places.flatMap((place) => WORDS_OF_ROLES[place] ?? place.replaceAll('-', '_')));
  const isTried = (unit: Unit) => {
    const [, source = '', target = ''] = ENTRY.exec(unit) ?? [];
    return [source, target].every((name) => words.has(name.replaceAll('-', '_')));
  };
  const title = [from, to].map((side) => `\`${[side].flat().join(', ')}\``).join(' to ');
  return {
    tokens: [],
    isAbout: (unit) =>
      isRule(unit) ||
      isSet(unit) ||
      (unit.startsWith('README.md') && unit.includes(`> - ${title}: `)) ||
      isTried(unit),
  };
}

/** What of two trees is neither the same, in the same order, nor about the edit. */
export function unrelated(before: readonly Unit[], after: readonly Unit[], about: About): string[] {
  const { tokens, isAbout } = about;
  const [left, right] = [rest(before, after), rest(after, before)];
  const at = left.findIndex((unit, index) => unit !== right[index]);
  if (at === -1 && left.length === right.length) return [];
  const index = at === -1 ? left.length : at;
  return [`- ${left[index]}`, `+ ${right[index]}`];

  /** What is not about the edit, less one for each unit that is on the other side and would be the same without it. */
  function rest(units: readonly Unit[], others: readonly Unit[]): Unit[] {
    const shrunk = others.filter(isAbout).map((unit) => without(unit, tokens));
    const counts = new Map<Unit, number>();
    for (const unit of shrunk) counts.set(unit, (counts.get(unit) ?? 0) + 1);
    return units.filter((unit) => {
      const count = counts.get(unit) ?? 0;
      counts.set(unit, count - 1);
      return count <= 0 && !isAbout(unit);
    });
  }
}
