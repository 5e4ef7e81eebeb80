import type { Path } from '../../../src/diagnostics/diagnostic.ts';
import type { Ipv4 } from '../../../src/net/ipv4.ts';
import type { Cluster } from '../../../src/resolve/cluster.ts';
import { freeIn, word } from './facts.ts';
import { type Operator, operator } from './operator.ts';
import type { Edit, Source } from './source.ts';

/** One more entry of a list that may not be there yet. */
function added(source: Source, [top, ...rest]: Path, entry: string): Iterable<Edit> {
  const path = [top ?? '', ...rest];
  if (source.has(path)) return source.insert(path, entry);
  if (source.has([top ?? ''])) return source.insert([top ?? ''], `${rest.join('')}: [${entry}]`);
  return source.insert(
    [],
    `${top}: ${rest.length === 0 ? `[${entry}]` : `{ ${rest.join('')}: [${entry}] }`}`,
  );
}

function addedTo(
  path: Path,
  name: string,
  expects: Operator['expects'],
  entries: (cluster: Cluster) => Iterable<string>,
  perModel = 1,
): Operator {
  return operator(
    name,
    expects,
    function* (source) {
      for (const entry of entries(source.cluster)) yield added(source, path, entry);
    },
    perModel,
  );
}

const FLOWS = ['firewall', 'flows'];
const CHECKS = ['verify'];

/** An address behind a hypervisor that nobody has. */
function* nobody(cluster: Cluster): Iterable<Ipv4> {
  for (const network of cluster.networks) {
    const free = freeIn(cluster, network);
    const isAlone = cluster.networks.every(
      (other) => other === network || !other.cidr.overlaps(network.cidr),
    );
    if (network.router.hypervisor !== undefined && isAlone && free !== undefined) yield free;
  }
}

/** A node on another network than those that libvirt lets nobody into, with one there. */
function* closed({ nodes }: Cluster): Iterable<readonly [from: string, to: string]> {
  for (const { name: to, nics } of nodes) {
    const networks = nics.map(({ network }) => network);
    const from = nodes.find((other) => other.nics.every(({ network }) => !networks.includes(network)));
    if (from !== undefined && networks.every(({ mode }) => mode === 'nat' || mode === 'isolated'))
      yield [from.name, to];
  }
}

/** A node beside a router outside, with one behind a hypervisor that lets in what flows say, and nothing else does. */
function* behind({ nodes, flows, firewallRules }: Cluster): Iterable<readonly [from: string, to: string]> {
  const isOpen = flows.some(({ ports, origin }) => origin !== undefined && ports.length === 0);
  const [from] = nodes.filter(
    ({ network, nics }) => nics.length === 1 && network.router.hypervisor === undefined,
  );
  if (isOpen || firewallRules.length > 0 || from === undefined) return;
  for (const { name, nics, network } of nodes)
    if (nics.length === 1 && network.mode === 'open') yield [from.name, name];
}

export const flowOperators: readonly Operator[] = [
  addedTo(FLOWS, 'a flow to an address that nobody has', 'warning', function* (cluster) {
    for (const ip of nobody(cluster))
      yield `{ from: ${word(cluster.nodes[0]?.name ?? '')}, to: ${ip}, ports: [9999] }`;
  }),
  addedTo(CHECKS, 'a check of an address that nobody has', 'warning', function* (cluster) {
    for (const ip of nobody(cluster))
      yield `{ from: ${word(cluster.nodes[0]?.name ?? '')}, to: ${ip}, ports: [9999] }`;
  }),
  addedTo(
    FLOWS,
    'a flow that libvirt refuses',
    'error',
    function* (cluster) {
      for (const [from, to] of closed(cluster))
        yield `{ from: ${word(from)}, to: ${word(to)}, ports: [9999] }`;
    },
    3,
  ),
  addedTo(
    CHECKS,
    'a check that libvirt refuses',
    'error',
    function* (cluster) {
      for (const [from, to] of closed(cluster))
        yield `{ from: ${word(from)}, to: ${word(to)}, ports: [9999] }`;
    },
    3,
  ),
  addedTo(CHECKS, 'a check of a port that no flow opens', 'error', function* (cluster) {
    for (const [from, to] of behind(cluster)) yield `{ from: ${word(from)}, to: ${word(to)}, ports: [9977] }`;
  }),
  addedTo(FLOWS, 'a flow to a port out of range', 'error', function* ({ nodes }) {
    for (const { name } of nodes) yield `{ from: internet, to: ${word(name)}, ports: [70000] }`;
  }),
  addedTo(FLOWS, 'a flow with its ports backwards', 'error', function* ({ nodes }) {
    for (const { name } of nodes) yield `{ from: internet, to: ${word(name)}, ports: [9100-9000] }`;
  }),
  addedTo(FLOWS, 'a flow from everybody to everything', 'warning', function* () {
    yield '{ from: internet, to: nodes }';
    yield '{ from: 0.0.0.0/0, to: kubernetes }';
  }),
  addedTo(FLOWS, 'a flow to an address that is none', 'error', function* ({ nodes }) {
    for (const { name } of nodes) yield `{ from: ${word(name)}, to: 10.17.4.300 }`;
  }),
  addedTo(FLOWS, 'a flow with a comment', 'silence', function* ({ networks, nodes }) {
    for (const { name, network } of nodes)
      if (network.router.hypervisor !== undefined && network.mode === 'open' && networks.length > 1)
        yield `{ from: 203.0.113.77, to: ${word(name)}, ports: [9998], comment: for the backup }`;
  }),
  operator('a flow twice', 'warning', function* (source) {
    for (const [index, path] of source.below(FLOWS).entries()) {
      const flow = source.textAt(path);
      const { to = [] } = source.cluster.flows.find(({ origin }) => origin?.at(-1) === index) ?? {};
      // One that libvirt refuses in part lets nothing pass that the other one would.
      const isOpen = to.every(
        (place) => place.kind !== 'network' || !['nat', 'isolated'].includes(place.network.mode),
      );
      if (isOpen && flow?.startsWith('{')) yield source.insert(FLOWS, flow);
    }
  }),
  operator('a password in a variable', 'error', function* (source) {
    for (const name of ['db_password', 'join_token', 'api_key'])
      if (source.has(['variables', 'all'])) yield source.insert(['variables', 'all'], `${name}: hunter22`);
      else if (!source.has(['variables']))
        yield source.insert([], `variables: { all: { ${name}: hunter22 } }`);
  }),
  addedTo(FLOWS, 'a password in a comment', 'error', function* ({ nodes }) {
    for (const { name } of nodes)
      yield `{ from: internet, to: ${word(name)}, ports: [9100], comment: "password=hunter22" }`;
  }),
];
