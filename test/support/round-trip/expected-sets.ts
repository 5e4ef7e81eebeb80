import type { Model, Network } from '../../../src/validate/model.ts';
import {
  bridgesWith,
  cardsOf,
  hostAddresses,
  isKubernetes,
  networkOf,
  networkOfVip,
  rolesOf,
  routed,
  routerOf,
} from './by-hand.ts';
import { rangesOf } from './hand-ranges.ts';

/** The sets that rules of a hypervisor may name; nobody has one that no rule names. */
export function setsOf(model: Model, host: string): Record<string, string[]> {
  const nodes = Object.entries(model.nodes);
  const list = (some: typeof nodes) =>
    some.flatMap(([name, node]) => cardsOf(node).map(({ ip }) => `${ip} ${name}`));
  const roles = [...new Set(nodes.flatMap(([, node]) => rolesOf(node)))];
  const networks = Object.entries(model.networks);
  const named = ([name, network]: [string, Network]) => rangesOf(network).map((range) => `${range} ${name}`);
  const cards = [
    ...nodes.flatMap(([name, node]) => cardsOf(node).map(({ ip, network }) => ({ name, ip, network }))),
    ...Object.entries(model.vips).map(([name, vip]) => ({
      name,
      ip: vip.ip,
      network: networkOfVip(model, vip),
    })),
  ];
  return {
    cluster_interfaces: networks.flatMap(([name, network]) =>
      network.mode !== 'bridge' && bridgesWith(model, network)[0]?.host === host
        ? [`${network.bridge} ${name}`]
        : [],
    ),
    cluster_networks: routed(model, host).flatMap(named),
    routed_networks: routed(model).flatMap(named),
    networks: networks.flatMap(named),
    outside_nodes: cards
      .filter(({ network }) => isBeside(model, network, host))
      .map(({ ip, name }) => `${ip} ${name}`),
    all_nodes: list(nodes),
    kubernetes_nodes: list(nodes.filter(([, node]) => isKubernetes(node))),
    ...Object.fromEntries(
      roles.map((role) => [
        `role_${role.replaceAll('-', '_')}`,
        list(nodes.filter(([, node]) => rolesOf(node).includes(role))),
      ]),
    ),
  };
}

/** On a network of the hypervisor's with a router outside, and somebody there knows the way to what is behind it. */
function isBeside(model: Model, name: string, host: string): boolean {
  const network = networkOf(model, name);
  const isHere = bridgesWith(model, network).some((each) => each.host === host);
  const knowsWay = typeof network.router === 'object' && network.router.returnRoute === true;
  const hasAddress = hostAddresses(model, network).some((own) => own.host === host);
  return isHere && routerOf(model, network).host === undefined && (knowsWay || hasAddress);
}
