import type { Path } from '../diagnostics/diagnostic.ts';
import { providersOf } from './addressing.ts';
import { hasCardIn } from './cards.ts';
import type { Flow, Node, Place, Probe, Verification } from './cluster.ts';
import { masterPlaces, type Parts } from './derive-flows.ts';
import { distinctVerifications } from './distinct-verifications.ts';
import { letsOpen } from './modes.ts';
import { builtInPlace, machinesOf } from './resolve-places.ts';

/** One entry of the model's `verify`, with its names resolved. */
export interface SaidVerification {
  readonly from: readonly Place[];
  readonly to: readonly Place[];
  readonly ports: readonly number[];
  readonly origin: Path;
}

/** The connections that have to work: those that the cluster lives on, the flows that are said, and `verify`. */
export function deriveVerifications(
  parts: Parts,
  flows: readonly Flow[],
  said: readonly SaidVerification[],
): Verification[] {
  const all = [
    ...vipVerifications(parts),
    ...datastoreVerifications(parts),
    ...serviceVerifications(parts),
    ...flows.flatMap(flowVerifications),
    ...said.flatMap(saidVerifications),
  ];
  return distinctVerifications(all, parts.nodes);
}

/** Members reach each backend, and Kubernetes nodes find a ready API server at the VIP. */
function vipVerifications({ vips, nodes }: Parts): Verification[] {
  const kubernetes = builtInPlace(nodes, 'kubernetes');
  return vips.flatMap((vip) => {
    const members = vip.members.map(({ node }): Place => ({ kind: 'node', node }));
    return vip.frontends.flatMap(({ backends, backendPort, check, port }) => [
      ...pairs(members, machinesOf({ kind: 'role', role: backends }), tcp(backendPort)),
      ...(check === 'readyz' ? pairs([kubernetes], [{ kind: 'vip', vip }], { kind: check, port }) : []),
    ]);
  });
}

/** Masters reach an external datastore. */
function datastoreVerifications({ kubernetes: { datastore }, roles }: Parts): Verification[] {
  if (datastore === undefined) return [];
  return pairs(masterPlaces(roles), datastore.at.flatMap(machinesOf), tcp(datastore.port));
}

function serviceVerifications({ nodes }: Parts): Verification[] {
  return providersOf(nodes, 'dns').map((node) => ({
    from: builtInPlace(nodes, 'nodes'),
    except: nodes.filter((asking) => !canReach(asking, node)),
    to: { kind: 'node', node },
    probe: tcp(53),
    origin: undefined,
  }));
}

/** Whether the modes of their networks let one node reach the other's own address. */
function canReach(node: Node, { network }: Node): boolean {
  return hasCardIn(node, network) || letsOpen(node.network, network);
}

/** A flow is tried at each of its single TCP ports on each machine that it names. */
function flowVerifications({ from, to, ports, origin }: Flow): Verification[] {
  const single = ports.filter((port) => port.protocol === 'tcp' && port.first === port.last);
  return single.flatMap((port) =>
    pairs(from.filter(isMachine), to.flatMap(machinesOf), tcp(port.first), origin),
  );
}

function saidVerifications({ from, to, ports, origin }: SaidVerification): Verification[] {
  if (ports.length > 0)
    return ports.flatMap((port) => pairs(from, to.flatMap(machinesOf), tcp(port), origin));
  return to
    .flatMap(machinesOf)
    .flatMap((target) => defaultProbes(target).flatMap((probe) => pairs(from, [target], probe, origin)));
}

/** What shows that a place answers, where the model says no ports. */
function defaultProbes(target: Place): Probe[] {
  if (target.kind === 'vip') {
    return target.vip.frontends.map(({ check, port }) => ({ kind: check, port }));
  }
  if (target.kind === 'node' && target.node.provides.includes('dns')) return [{ kind: 'ping' }, tcp(53)];
  return [{ kind: 'ping' }];
}

/** Whether Ansible can try a connection from there. */
function isMachine(place: Place): boolean {
  return (
    place.kind === 'node' || place.kind === 'role' || place.kind === 'network' || place.kind === 'hypervisor'
  );
}

function tcp(port: number): Probe {
  return { kind: 'tcp', port };
}

function pairs(from: readonly Place[], to: readonly Place[], probe: Probe, origin?: Path): Verification[] {
  return from.flatMap((source) =>
    to.map((target) => ({ from: source, except: [], to: target, probe, origin })),
  );
}
