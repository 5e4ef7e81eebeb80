import type { Path } from '../../../src/diagnostics/diagnostic.ts';
import type { Cluster, Vip } from '../../../src/resolve/cluster.ts';
import { freeIn, segmentOf, unusedIn, word } from './facts.ts';
import { type Operator, operator } from './operator.ts';

/** The places of a VIP's ports: its own, or those of its frontends. */
function portsOf({ frontends }: Vip): Path[] {
  return frontends.map(({ origin }) => [...origin, 'port']);
}

function memberPaths({ origin, members }: Vip): Path[] {
  return members.map((_, index) => [...origin, 'members', index]);
}

/** A node without a card on the segment of a VIP. */
function elsewhere({ nodes }: Cluster, { network }: Vip) {
  return nodes.find(({ nics }) => nics.every((nic) => segmentOf(nic.network) !== segmentOf(network)));
}

export const vipOperators: readonly Operator[] = [
  operator('a VIP gets the VRID of another on its segment', 'error', function* (source) {
    const { vips } = source.cluster;
    for (const vip of vips)
      for (const other of vips)
        if (other !== vip && segmentOf(other.network) === segmentOf(vip.network))
          yield source.set([...vip.origin, 'vrid'], String(other.vrid));
  }),
  operator('one more VIP with a VRID that is taken', 'error', function* (source) {
    for (const { vrid, network, members, frontends } of source.cluster.vips) {
      const free = freeIn(source.cluster, network);
      const [first, second] = [...members].reverse().map(({ node }) => word(node.name));
      if (free === undefined || second === undefined) continue;
      const role = frontends[0]?.backends.name;
      yield source.insert(
        ['vips'],
        `extra: { ip: ${free}, vrid: ${vrid}, members: [${first}, ${second}], port: 8443, backends: ${role} }`,
      );
    }
  }),
  operator('one more VIP at an address that DHCP leases', 'error', function* (source) {
    const { networks, nodes } = source.cluster;
    for (const network of networks) {
      const [first, second] = nodes.filter((node) => node.network === network).map(({ name }) => word(name));
      const leased = network.dhcp && unusedIn(source.cluster, network, network.dhcp);
      if (second !== undefined && leased !== undefined)
        yield source.insert(
          ['vips'],
          `extra: { ip: ${leased}, vrid: 254, members: [${first}, ${second}], port: 8443, backends: master }`,
        );
    }
  }),
  operator('a VIP has the VRID 0', 'error', function* (source) {
    for (const { origin } of source.cluster.vips) yield source.set([...origin, 'vrid'], '0');
  }),
  operator('a member on another segment', 'error', function* (source) {
    for (const vip of source.cluster.vips) {
      const node = elsewhere(source.cluster, vip);
      const last = memberPaths(vip).at(-1);
      if (node !== undefined && last !== undefined && vip.members.length > 1)
        yield source.replace(last, word(node.name));
    }
  }),
  operator('all members but one are gone', 'warning', function* (source) {
    for (const { origin, members } of source.cluster.vips)
      if (members.length > 1)
        yield source.replace([...origin, 'members'], `[${word(members[0]?.node.name ?? '')}]`);
  }),
  operator('a member twice', 'error', function* (source) {
    for (const vip of source.cluster.vips) {
      const [first, second] = memberPaths(vip);
      if (first && second) yield source.replace(second, word(vip.members[0]?.node.name ?? ''));
    }
  }),
  operator('a member that nobody is', 'error', function* (source) {
    for (const vip of source.cluster.vips)
      for (const path of memberPaths(vip)) yield source.replace(path, `${source.get(path)}x`);
  }),
  operator('a frontend on the port of SSH', 'error', function* (source) {
    for (const vip of source.cluster.vips) for (const path of portsOf(vip)) yield source.replace(path, '22');
  }),
  operator('two frontends on one port', 'error', function* (source) {
    for (const vip of source.cluster.vips)
      for (const [index, path] of portsOf(vip).entries()) {
        const other = vip.frontends[(index + 1) % vip.frontends.length];
        if (vip.frontends.length > 1) yield source.replace(path, String(other?.port));
      }
  }),
  operator('a frontend port out of range', 'error', function* (source) {
    for (const vip of source.cluster.vips)
      for (const path of portsOf(vip)) yield source.replace(path, '65536');
  }),
  operator('the API at another port', 'error', function* (source) {
    for (const { name, frontends } of source.cluster.vips)
      for (const { origin, port } of name === 'api' && frontends.length === 1 ? frontends : [])
        if (!source.has([...origin, 'backends', 'port']))
          yield source.replace([...origin, 'port'], String(port + 1));
  }),
  operator('backends of a role that no node has', 'error', function* (source) {
    for (const { frontends } of source.cluster.vips)
      for (const { origin, backends } of frontends) {
        const long = [...origin, 'backends', 'role'];
        yield source.replace(source.has(long) ? long : [...origin, 'backends'], `${backends.name}x`);
      }
  }),
  operator('the members in another order', 'silence', function* (source) {
    for (const { origin, members } of source.cluster.vips) {
      const path = [...origin, 'members'];
      const names = members.map(({ node }) => word(node.name)).reverse();
      if (members.length > 1 && Array.isArray(source.get(path)))
        yield source.replace(path, `[${names.join(', ')}]`);
    }
  }),
];
