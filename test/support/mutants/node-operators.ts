import { Mac } from '../../../src/net/mac.ts';
import { cardsOf, freeIn, segmentOf } from './facts.ts';
import { type Operator, operator } from './operator.ts';

export const nodeOperators: readonly Operator[] = [
  operator('a node in another network with its old address', 'error', function* (source) {
    for (const { nic } of cardsOf(source.cluster))
      for (const other of source.cluster.networks)
        if (other !== nic.network && !other.cidr.contains(nic.ip))
          yield source.replace([...nic.origin, 'network'], other.name);
  }),
  operator('a node in another network with an address of it', 'either', function* (source) {
    for (const { nic } of cardsOf(source.cluster))
      for (const other of source.cluster.networks) {
        const free = freeIn(source.cluster, other);
        if (other !== nic.network && free !== undefined)
          yield [
            ...source.replace([...nic.origin, 'network'], other.name),
            ...source.replace([...nic.origin, 'ip'], free.toString()),
          ];
      }
  }),
  operator('the MAC address of another node on the segment', 'error', function* (source) {
    const cards = cardsOf(source.cluster);
    for (const { nic, node } of cards) {
      const other = cards.find(
        (each) =>
          each.node !== node && each.nic.mac && segmentOf(each.nic.network) === segmentOf(nic.network),
      );
      if (other !== undefined) yield source.set([...nic.origin, 'mac'], `"${other.nic.mac}"`);
    }
  }),
  operator('the MAC address of a group', 'error', function* (source) {
    for (const { nic } of cardsOf(source.cluster))
      yield source.set([...nic.origin, 'mac'], '"53:54:00:00:00:99"');
  }),
  operator('the MAC address zero', 'error', function* (source) {
    for (const { nic } of cardsOf(source.cluster))
      yield source.set([...nic.origin, 'mac'], '"00:00:00:00:00:00"');
  }),
  operator('two MAC addresses are swapped', 'silence', function* (source) {
    const cards = cardsOf(source.cluster).filter(({ nic }) => source.has([...nic.origin, 'mac']));
    for (const [index, { nic }] of cards.entries()) {
      const other = cards[index + 1]?.nic;
      if (other !== undefined)
        yield [
          ...source.replace([...nic.origin, 'mac'], `"${other.mac}"`),
          ...source.replace([...other.origin, 'mac'], `"${nic.mac}"`),
        ];
    }
  }),
  operator('a node gets a MAC address', 'silence', function* (source) {
    for (const [index, { nic }] of cardsOf(source.cluster).entries())
      if (nic.mac === undefined)
        yield source.insert(nic.origin, `mac: "${Mac.fromOctets([0x52, 0x54, 0, 0xab, 0xcd, index])}"`);
  }),
  operator('an interface of the host', 'error', function* (source) {
    for (const { nic, node } of cardsOf(source.cluster)) {
      const bridge = nic.network.bridges.find(({ hypervisor }) => hypervisor === node.hypervisor);
      if (nic.origin[2] !== 'nics' && bridge !== undefined)
        yield source.set([...nic.origin, 'interface'], bridge.name);
    }
  }),
  operator('an address with an octet over 255', 'error', function* (source) {
    for (const { ip } of cardsOf(source.cluster)) yield source.replace(ip, '10.17.4.256');
  }),
  operator('a role is misspelt', 'error', function* (source) {
    for (const { name, roles, origin } of source.cluster.nodes) {
      const [role = ''] = roles;
      const isOnly = source.cluster.nodes.every((node) => node.name === name || !node.roles.includes(role));
      const isNamed = source.cluster.vips.some(({ frontends }) =>
        frontends.some(({ backends }) => backends.name === role),
      );
      if (isOnly && isNamed && !Array.isArray(source.get([...origin, 'role'])))
        yield source.replace([...origin, 'role'], `${role.slice(0, -1)}`);
    }
  }),
  operator('a node less', 'either', function* (source) {
    for (const { origin, roles } of source.cluster.nodes)
      yield [...source.remove(origin)].map((edit) => ({ ...edit, names: [...(edit.names ?? []), ...roles] }));
  }),
  operator('one more worker at a free address', 'silence', function* (source) {
    const [master] = source.cluster.roles.flatMap(({ name, nodes }) => (name === 'master' ? nodes : []));
    const free = master && freeIn(source.cluster, master.network);
    if (free !== undefined)
      yield source.insert(
        ['nodes'],
        `worker99: { role: worker, network: ${master?.network.name}, on: ${master?.hypervisor.name}, ip: ${free} }`,
      );
  }),
  operator('one more node with an address that is taken', 'error', function* (source) {
    for (const { network, ip, hypervisor } of source.cluster.nodes)
      yield source.insert(
        ['nodes'],
        `extra1: { role: extra, network: ${network.name}, on: ${hypervisor.name}, ip: ${ip} }`,
      );
  }),
];
