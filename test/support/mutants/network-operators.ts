import type { Network } from '../../../src/resolve/cluster.ts';
import { cardsOf, isIn, shifted } from './facts.ts';
import { type Operator, operator } from './operator.ts';
import type { Edit, Source } from './source.ts';

/** A network as it is said: its keys, below its name. */
type Change = (network: Network, source: Source) => Iterable<Edit> | undefined;

function ofEach(name: string, expects: Operator['expects'], change: Change): Operator {
  return operator(name, expects, function* (source) {
    for (const network of source.cluster.networks) {
      const edits = change(network, source);
      if (edits !== undefined) yield edits;
    }
  });
}

/** The value of a key is written anew, where it stands in the text. */
function rewrite(key: string, value: (network: Network, source: Source) => string | undefined): Change {
  return (network, source) => {
    const text = value(network, source);
    return text !== undefined && source.has([...network.origin, key])
      ? source.replace([...network.origin, key], text)
      : undefined;
  };
}

function hasStaticNodes(network: Network, { cluster }: Source): boolean {
  return cardsOf(cluster).some(({ nic }) => nic.network === network && nic.addressing === 'static');
}

function hasNodes(network: Network, { cluster }: Source): boolean {
  return cardsOf(cluster).some(({ nic }) => nic.network === network);
}

const isOwn = ({ mode }: Network) => mode !== 'bridge';

/** Where the address of a router is said. */
function routerPath(network: Network, source: Source) {
  const long = [...network.origin, 'router', 'ip'];
  return source.has(long)
    ? long
    : typeof source.get([...network.origin, 'router']) === 'string'
      ? [...network.origin, 'router']
      : undefined;
}

function rerouted(
  name: string,
  expects: Operator['expects'],
  value: (network: Network, source: Source) => string | undefined,
): Operator {
  return ofEach(name, expects, (network, source) => {
    const path = routerPath(network, source);
    const text = value(network, source);
    return path !== undefined && text !== undefined ? source.replace(path, text) : undefined;
  });
}

export const networkOperators: readonly Operator[] = [
  ofEach('a range that is elsewhere', 'error', (network, source) =>
    hasNodes(network, source) && typeof source.get([...network.origin, 'cidr']) === 'string'
      ? source.replace(
          [...network.origin, 'cidr'],
          `${shifted(network.cidr.network, 2 ** 17)}/${network.cidr.prefix}`,
        )
      : undefined,
  ),
  ofEach(
    'host bits in a range',
    'error',
    rewrite('cidr', ({ cidr, subnets }) =>
      subnets.length === 1 ? `${shifted(cidr.network, 1)}/${cidr.prefix}` : undefined,
    ),
  ),
  ofEach(
    'a range too narrow for its nodes',
    'error',
    rewrite('cidr', (network, source) =>
      network.subnets.length === 1 &&
      cardsOf(source.cluster).some(
        ({ nic }) => nic.network === network && nic.ip.value >= network.cidr.network.value + 8,
      )
        ? `${network.cidr.network}/29`
        : undefined,
    ),
  ),
  ofEach(
    'a range that holds another one',
    'either',
    rewrite('cidr', ({ cidr, subnets }) =>
      subnets.length === 1 ? `${cidr.network.toString().split('.').slice(0, 1)}.0.0.0/8` : undefined,
    ),
  ),
  operator('the range of another network', 'either', function* (source) {
    for (const network of source.cluster.networks)
      for (const other of source.cluster.networks)
        if (other !== network && network.subnets.length === 1 && !hasNodes(network, source))
          yield source.replace([...network.origin, 'cidr'], other.cidr.toString());
  }),
  operator('one more network with a range that is taken', 'error', function* (source) {
    const [host] = source.cluster.hypervisors;
    // Behind a router outside that knows none of the others there can be the same addresses.
    const isKnown = ({ hypervisor, returnRoute }: Network['router']) =>
      hypervisor !== undefined || returnRoute;
    for (const { cidr, bridges, router } of source.cluster.networks)
      if (bridges.some(({ hypervisor }) => hypervisor === host) && isKnown(router))
        yield source.insert(
          ['networks'],
          `extra: { cidr: ${cidr}, mode: open, bridge: virbr_extra, on: ${host?.name} }`,
        );
  }),
  operator('pods in the range of a network', 'error', function* (source) {
    const { networks, kubernetes } = source.cluster;
    for (const { cidr } of networks)
      if (source.has(['kubernetes', 'distribution']))
        yield source.set(['kubernetes', 'podCidr'], cidr.toString());
      else
        yield source.replace(
          ['kubernetes'],
          `{ distribution: ${kubernetes.distribution}, podCidr: ${cidr} }`,
        );
  }),
  ofEach('a network without its router', 'either', (network, source) => {
    const path = [...network.origin, 'router'];
    return source.has(path) ? source.remove(path) : undefined;
  }),
  rerouted('a router outside its network', 'warning', (network) =>
    network.router.onLink
      ? undefined
      : [256, -256, 2 ** 17]
          .map((by) => shifted(network.router.ip, by))
          .find((ip) => !isIn(network, ip))
          ?.toString(),
  ),
  rerouted('a router at the broadcast address', 'error', ({ cidr, router }) =>
    router.onLink ? undefined : cidr.last.toString(),
  ),
  rerouted('a router at the address of a node', 'error', (network, { cluster }) =>
    cardsOf(cluster)
      .find(({ nic }) => nic.network === network)
      ?.nic.ip.toString(),
  ),
  rerouted('a router at the address of a VIP', 'error', (network, { cluster }) =>
    cluster.vips.find((vip) => vip.network === network)?.ip.toString(),
  ),
  ofEach('a router that no longer knows the way back', 'either', ({ origin }, source) => {
    const path = [...origin, 'router', 'returnRoute'];
    return source.get(path) === true ? source.replace(path, 'false') : undefined;
  }),
  ofEach('DHCP for the whole range of static nodes', 'error', (network, source) =>
    isOwn(network) && hasStaticNodes(network, source)
      ? source.set([...network.origin, 'dhcp'], `${network.cidr.firstHost}-${shifted(network.cidr.last, -1)}`)
      : undefined,
  ),
  ofEach(
    'DHCP outside its network',
    'error',
    rewrite('dhcp', ({ cidr }) => `${shifted(cidr.last, 10)}-${shifted(cidr.last, 20)}`),
  ),
  ofEach(
    'DHCP up to the broadcast address',
    'error',
    rewrite('dhcp', ({ cidr, dhcp }) => `${dhcp?.first}-${cidr.last}`),
  ),
  ofEach(
    'DHCP backwards',
    'error',
    rewrite('dhcp', ({ dhcp }) => `${dhcp?.last}-${dhcp?.first}`),
  ),
  ofEach('DHCP in bridge mode', 'error', ({ mode, origin, cidr }, source) =>
    mode === 'bridge'
      ? source.insert(origin, `dhcp: ${shifted(cidr.last, -9)}-${shifted(cidr.last, -5)}`)
      : undefined,
  ),
  ofEach(
    'DHCP a little narrower',
    'silence',
    rewrite('dhcp', ({ dhcp }) =>
      dhcp && dhcp.last.value - dhcp.first.value > 8
        ? `${shifted(dhcp.first, 1)}-${shifted(dhcp.last, -1)}`
        : undefined,
    ),
  ),
  ofEach('a second DHCP beside that of libvirt', 'warning', ({ dhcp, foreignDhcp, origin, cidr }, source) =>
    dhcp && !foreignDhcp && cidr.prefix < 26
      ? source.insert(origin, `foreignDhcp: ${shifted(cidr.last, -9)}-${shifted(cidr.last, -5)}`)
      : undefined,
  ),
  ofEach('a foreign DHCP for all of the network', 'warning', (network, source) => {
    const { origin, cidr, foreignDhcp, reservedOutside, dhcp } = network;
    const isLeft = hasNodes(network, source) && reservedOutside.length === 0 && !dhcp;
    const range = `${cidr.firstHost}-${shifted(cidr.last, -1)}`;
    const path = [...origin, 'foreignDhcp', 'range'];
    if (!isLeft) return undefined;
    return foreignDhcp && source.has(path)
      ? source.replace(path, range)
      : source.set([...origin, 'foreignDhcp'], range);
  }),
  ofEach('a foreign DHCP of another network', 'warning', ({ origin, cidr, dhcp }, source) =>
    dhcp || source.has([...origin, 'foreignDhcp', 'range'])
      ? undefined
      : source.set([...origin, 'foreignDhcp'], `${shifted(cidr.last, 10)}-${shifted(cidr.last, 20)}`),
  ),
  ofEach('a reservation outside for nobody', 'error', ({ origin, foreignDhcp }, source) =>
    foreignDhcp
      ? source.replace([...origin, 'foreignDhcp'], `{ range: ${foreignDhcp}, reserved: [nobody] }`)
      : undefined,
  ),
  ofEach('a bridge that the host does not have', 'error', ({ mode, origin }, source) =>
    mode === 'bridge' ? source.replace([...origin, 'bridge'], 'brx') : undefined,
  ),
  ofEach('a bridge with too long a name', 'error', (network, source) =>
    isOwn(network) ? source.replace([...network.origin, 'bridge'], 'virbr_of_16_char') : undefined,
  ),
  ofEach('a bridge that another network has', 'error', (network, source) => {
    const other = source.cluster.networks
      .filter((each) => each !== network)
      .flatMap(({ bridges }) => bridges)
      .find(({ hypervisor }) => network.bridges.some((own) => own.hypervisor === hypervisor));
    return isOwn(network) && other ? source.replace([...network.origin, 'bridge'], other.name) : undefined;
  }),
  ofEach("a bridge named as the host's card", 'error', (network, source) => {
    const uplink = network.bridges.flatMap(({ hypervisor }) =>
      hypervisor.bridges.flatMap((bridge) => bridge.uplink ?? []),
    )[0];
    return isOwn(network) && uplink !== undefined
      ? source.replace([...network.origin, 'bridge'], uplink)
      : undefined;
  }),
  ofEach(
    'open becomes nat',
    'either',
    rewrite('mode', ({ mode }) => (mode === 'open' ? 'nat' : undefined)),
  ),
  ofEach(
    'open becomes isolated',
    'either',
    rewrite('mode', ({ mode }) => (mode === 'open' ? 'isolated' : undefined)),
  ),
  ofEach(
    'open becomes route',
    'either',
    rewrite('mode', ({ mode }) => (mode === 'open' ? 'route' : undefined)),
  ),
  ofEach(
    'bridge becomes open',
    'error',
    rewrite('mode', ({ mode }) => (mode === 'bridge' ? 'open' : undefined)),
  ),
  ofEach(
    'open becomes bridge',
    'error',
    rewrite('mode', ({ mode }) => (mode === 'open' ? 'bridge' : undefined)),
  ),
  ofEach(
    'a mode that there is not',
    'error',
    rewrite('mode', ({ mode }) => `${mode}x`),
  ),
  ofEach('a VLAN on a Linux bridge', 'error', ({ mode, vlan, bridges, origin }, source) => {
    const isLinux = bridges.every(({ hypervisor, name }) =>
      hypervisor.bridges.some((bridge) => bridge.name === name && bridge.kind === 'linux'),
    );
    return mode === 'bridge' && vlan === undefined && isLinux ? source.insert(origin, 'vlan: 30') : undefined;
  }),
  ofEach('a VLAN', 'either', ({ mode, vlan, bridges, origin }, source) => {
    const isSwitch = bridges.every(({ hypervisor, name }) =>
      hypervisor.bridges.some((bridge) => bridge.name === name && bridge.kind === 'openvswitch'),
    );
    return mode === 'bridge' && isSwitch
      ? source.set([...origin, 'vlan'], String((vlan ?? 30) + 1))
      : undefined;
  }),
];
