import fc from 'fast-check';
import type { Model, Node } from '../../../src/validate/model.ts';
import { arbitraryFlow, type FlowShape, flowOf } from '../realistic/flows.ts';
import { arbitraryNetwork, type NetworkShape, networkOf } from '../realistic/networks.ts';
import { arbitraryNode, type NodeShape, nodeName, nodeOf } from '../realistic/nodes.ts';
import { cardsOf } from '../round-trip/by-hand.ts';

/** What is drawn most often is possible least often: few models have a network that nothing names. */
const WITHOUT_PARTS = [
  'remove network',
  'remove network',
  'remove network',
  'remove node',
  'remove flow',
  'rename node',
  'reorder',
] as const;

/** One change that somebody makes to a model. */
export type Edit =
  | { readonly kind: 'add node'; readonly node: NodeShape; readonly at: number }
  | { readonly kind: 'add network'; readonly network: NetworkShape; readonly at: number }
  | { readonly kind: 'add flow'; readonly flow: FlowShape; readonly at: number }
  | { readonly kind: (typeof WITHOUT_PARTS)[number]; readonly at: number };

const at = fc.nat(1000);
const withoutParts = fc.record({ kind: fc.constantFrom(...WITHOUT_PARTS), at });

export const arbitraryEdit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ kind: fc.constant('add node' as const), node: arbitraryNode, at }),
  fc.record({ kind: fc.constant('add network' as const), network: arbitraryNetwork, at }),
  fc.record({ kind: fc.constant('add flow' as const), flow: arbitraryFlow, at }),
  { weight: 2, arbitrary: withoutParts },
);

/** What an edit added or took away, or the two names of a node. */
export interface Changed {
  readonly model: Model;
  readonly node?: string;
  readonly network?: string;
  readonly flow?: NonNullable<NonNullable<Model['firewall']>['flows']>[number];
  readonly renamed?: readonly [from: string, to: string];
}

/** The model after an edit; undefined where the edit means nothing there. */
export function applyEdit(model: Model, edit: Edit): Changed | undefined {
  switch (edit.kind) {
    case 'add node':
      return addNode(model, edit.node, edit.at);
    case 'add network':
      return addNetwork(model, edit.network, edit.at);
    case 'add flow':
      return addFlow(model, flowOf(edit.flow, model), edit.at);
    case 'remove node':
      return removeNode(model, edit.at);
    case 'remove network':
      return removeNetwork(model, edit.at);
    case 'remove flow':
      return removeFlow(model, edit.at);
    case 'rename node':
      return renameNode(model, edit.at);
    case 'reorder':
      return { model: rotated(model, edit.at) };
  }
}

/** Somewhere between the others. */
function inserted<T>(
  map: Readonly<Record<string, T>>,
  [key, value]: readonly [string, T],
  at: number,
): Record<string, T> {
  return Object.fromEntries(
    Object.entries(map).toSpliced(at % (Object.keys(map).length + 1), 0, [key, value]),
  );
}

function addNode(model: Model, shape: NodeShape, at: number): Changed | undefined {
  const used = new Set(
    Object.values(model.nodes)
      .flatMap(cardsOf)
      .map(({ ip }) => ip.split('.').at(-1)),
  );
  const index = Array.from({ length: 55 }, (_, number) => number).find(
    (number) => !used.has(String(number + 11)),
  );
  if (index === undefined) return undefined;
  const name = nodeName(shape, index + 100);
  if (name in model.nodes) return undefined;
  const node = nodeOf(shape, model, index);
  return { model: { ...model, nodes: inserted(model.nodes, [name, node], at) }, node: name };
}

function addNetwork(model: Model, shape: NetworkShape, at: number): Changed | undefined {
  const number = Array.from({ length: 12 }, (_, index) => index + 10).find(
    (index) => !(`net_${index}` in model.networks),
  );
  if (number === undefined) return undefined;
  const network = `net_${number}`;
  const networks = inserted(model.networks, [network, networkOf(shape, number, model)], at);
  return { model: { ...model, networks }, network };
}

function addFlow(model: Model, flow: NonNullable<Changed['flow']>, at: number): Changed {
  const flows = model.firewall?.flows ?? [];
  return {
    model: { ...model, firewall: { flows: flows.toSpliced(at % (flows.length + 1), 0, flow) } },
    flow,
  };
}

/** What names a node or network besides itself. */
function isNamed(model: Model, name: string): boolean {
  const { nodes, networks: _networks, ...rest } = model;
  const networks = Object.values(nodes)
    .flatMap(cardsOf)
    .map(({ network }) => network);
  return JSON.stringify([rest, networks]).includes(`"${name}"`);
}

function removeNode(model: Model, at: number): Changed | undefined {
  const removable = Object.keys(model.nodes).filter(
    (name) => !isNamed(model, name) && !isOnlyBackend(model, name),
  );
  const name = removable[at % removable.length];
  if (name === undefined) return undefined;
  const { [name]: _gone, ...nodes } = model.nodes;
  return { model: { ...model, nodes }, node: name };
}

function isOnlyBackend({ nodes }: Model, name: string): boolean {
  const rolesOf = ({ role }: Node) => [role].flat();
  const own = nodes[name] === undefined ? [] : rolesOf(nodes[name]);
  return own.some((role) =>
    Object.entries(nodes).every(([other, node]) => other === name || !rolesOf(node).includes(role)),
  );
}

function removeNetwork(model: Model, at: number): Changed | undefined {
  const removable = Object.keys(model.networks).filter(
    (name) => !['lan', 'cable'].includes(name) && !isNamed(model, name),
  );
  const name = removable[at % removable.length];
  if (name === undefined) return undefined;
  const { [name]: _gone, ...networks } = model.networks;
  return { model: { ...model, networks }, network: name };
}

function removeFlow(model: Model, at: number): Changed | undefined {
  const flows = model.firewall?.flows ?? [];
  const flow = flows[at % flows.length];
  if (flow === undefined) return undefined;
  return { model: { ...model, firewall: { flows: flows.toSpliced(at % flows.length, 1) } }, flow };
}

/** The node and all that names it. */
function renameNode(model: Model, at: number): Changed | undefined {
  const names = Object.keys(model.nodes);
  const from = names[at % names.length] ?? '';
  const to = `vm-${at}-renamed`;
  if (to in model.nodes || from === 'master1') return undefined;
  return { model: JSON.parse(JSON.stringify(model).replaceAll(`"${from}"`, `"${to}"`)), renamed: [from, to] };
}

/** All maps in another order; lists say something by theirs. */
function rotated<T>(value: T, by: number): T {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, rotated(inner, by)] as const);
  const start = by % (entries.length || 1);
  return Object.fromEntries([...entries.slice(start), ...entries.slice(0, start)].reverse()) as T;
}
