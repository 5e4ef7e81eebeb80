import type { Model } from '../../../src/validate/model.ts';
import { type GeneratedLab, isIn, type NetworkRow } from './generated-lab.ts';
import type { Stranger } from './lab.ts';

/** An address of the internet (RFC 5737). */
export const INTERNET = '192.0.2.1';

/** Somebody on the LAN whom the model does not know. */
export const CLIENT = '192.168.0.77';

/** The routers outside, one machine that has them all and the internet behind it, and somebody on the LAN. */
export function strangersOf(model: Model, lab: GeneratedLab): Stranger[] {
  const { networks } = lab;
  const placeOf = ({ bridges: [bridge = ''] }: NetworkRow) =>
    Object.entries(model.segments ?? {}).find(([, joined]) => joined.includes(bridge))?.[0] ?? bridge;
  const routers = networks
    .filter(({ owner }) => owner === undefined)
    .map((network) => ({ at: placeOf(network), ...routerOf(model, lab, network) }));
  const clients = networks
    .filter(({ name }) => name === 'lan')
    .map((network) => ({
      at: placeOf(network),
      addresses: [`${CLIENT}/24`],
      routes: [{ to: '0.0.0.0/0', via: network.routers[0] ?? '' }],
    }));
  const internet = { at: '', addresses: [`${INTERNET}/32`], routes: [] };
  return [
    { name: 'outside', isRouter: true, cards: [...routers, internet] },
    { name: 'client', isRouter: false, cards: clients },
  ];
}

/** What is no part of the output: whether a router outside knows the way to the cluster, and is on the link. */
function routerOf(model: Model, { networks, hypervisors }: GeneratedLab, outer: NetworkRow) {
  const said = model.networks[outer.name]?.router;
  const { returnRoute = false, onLink = false } = typeof said === 'object' ? said : {};
  const [range = '', router = ''] = [outer.ranges[0], outer.routers[0]];
  const routes = networks.flatMap(({ owner, ranges }) => {
    const addresses = hypervisors
      .find(({ name }) => name === owner)
      ?.bridges.flatMap((bridge) => bridge.addresses);
    const via = addresses?.map((address) => address.split('/')[0] ?? '').find((ip) => isIn(ip, range));
    return returnRoute && via !== undefined ? ranges.map((to) => ({ to, via })) : [];
  });
  return onLink
    ? { addresses: [`${router}/32`], routes: [{ to: range, via: '' }, ...routes] }
    : { addresses: [`${router}/${range.split('/')[1]}`], routes };
}
