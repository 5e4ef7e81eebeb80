import type { Path } from '../diagnostics/diagnostic.ts';
import { providersOf } from './addressing.ts';
import { hasCardIn } from './cards.ts';
import type { Flow, Node, Place, Probe, Verification } from './cluster.ts';
import { masterPlaces, type Parts } from './derive-flows.ts';
import { letsOpen } from './modes.ts';
import { nameOf } from './name-of.ts';
import { builtInPlace, isRange, machinesOf } from './resolve-places.ts';

/** One entry of the model's `verify`, with its names resolved. */
export interface SaidVerification {
  readonly from: readonly Place[];
  readonly to: readonly Place[];
  readonly ports: readonly number[];
  readonly origin: Path;
}

/**
 * The connections that have to work: those that the cluster lives on, the flows that are said, and `verify`. Roles and
 * networks stand for their nodes, so there are as many as a model has such entries, however many nodes it has.
 */
export function deriveVerifications(
  parts: Parts,
  flows: readonly Flow[],
  said: readonly SaidVerification[],
): Verification[] {
  return [
    ...vipVerifications(parts),
    ...datastoreVerifications(parts),
    ...serviceVerifications(parts),
    ...flows.flatMap(flowVerifications),
    ...said.flatMap(saidVerifications),
  ];
}

/** Members reach each backend, and Kubernetes nodes find a ready API server at the VIP. */
function vipVerifications({ vips, nodes }: Parts): Verification[] {
  const kubernetes = builtInPlace(nodes, 'kubernetes');
  return vips.flatMap((vip) => {
    const members = vip.members.map(({ node }): Place => ({ kind: 'node', node }));
    return vip.frontends.flatMap(({ backends, backendPort, check, port }) => [
      ...pairs(members, [{ kind: 'role', role: backends }], tcp(backendPort)),
      ...(check === 'readyz' ? pairs([kubernetes], [{ kind: 'vip', vip }], { kind: check, port }) : []),
    ]);
  });
}

/** Masters reach an external datastore. */
function datastoreVerifications({ kubernetes: { datastore }, roles }: Parts): Verification[] {
  if (datastore === undefined) return [];
  return pairs(masterPlaces(roles), datastore.at, tcp(datastore.port));
}

/** Nodes reach the DNS servers, where the modes of their networks let them. */
function serviceVerifications({ networks, nodes }: Parts): Verification[] {
  return providersOf(nodes, 'dns').flatMap((server) =>
    networks
      .filter((network) => network === server.network || letsOpen(network, server.network))
      .map((network) => ({
        from: { kind: 'network', network },
        except: nodes.filter((asking) => hasCardIn(asking, network) && !canReach(asking, server)),
        to: { kind: 'node', node: server },
        probe: tcp(53),
        origin: undefined,
      })),
  );
}

/** Whether the modes of their networks let one node reach the other's own address. */
function canReach(node: Node, { network }: Node): boolean {
  return hasCardIn(node, network) || letsOpen(node.network, network);
}

/** A flow is tried at each of its single TCP ports on the machines that it names. */
function flowVerifications({ from, to, ports, origin }: Flow): Verification[] {
  const single = ports.filter((port) => port.protocol === 'tcp' && port.first === port.last);
  return single.flatMap((port) =>
    pairs(
      from.filter(isMachine),
      to.filter((place) => !isRange(place)),
      tcp(port.first),
      origin,
    ),
  );
}

/** Where the model says no ports, a machine is pinged, and a DNS server asked as well. */
function saidVerifications({ from, to, ports, origin }: SaidVerification): Verification[] {
  const dnsServers = to
    .flatMap(machinesOf)
    .filter((place) => place.kind === 'node' && place.node.provides.includes('dns'));
  const answers = to.flatMap((target) => answersOf(target).flatMap((probe) => pairs(from, [target], probe)));
  const all =
    ports.length > 0
      ? ports.flatMap((port) => pairs(from, to, tcp(port)))
      : [...answers, ...pairs(from, dnsServers, tcp(53))];
  return all.map((verification) => ({ ...verification, origin: [...origin, 'to', nameOf(verification.to)] }));
}

/** What shows that a place answers. */
function answersOf(target: Place): Probe[] {
  if (target.kind !== 'vip') return [{ kind: 'ping' }];
  return target.vip.frontends.map(({ check, port }) => ({ kind: check, port }));
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
