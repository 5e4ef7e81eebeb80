import { didYouMean } from '../diagnostics/suggest.ts';
import { Cidr } from '../net/cidr.ts';
import { Ipv4 } from '../net/ipv4.ts';
import { PortRange } from '../net/port-range.ts';
import type { Cluster } from '../resolve/cluster.ts';
import { rangesOf, subnetOf } from '../resolve/subnets.ts';
import { holdersOf, type Machine, machineOf, machinesOf, outside, stranger } from './machines.ts';
import type { Question } from './reach.ts';

/** Either what is meant, or in words why nothing is. */
export type Found<T> = T | { readonly problem: string };

/** What is asked on a command line: who asks, and `NAME[:PORT[/PROTOCOL]]`; without a port it is a ping. */
export function questionOf(cluster: Cluster, from: string, to: string): Found<Question> {
  const [name = '', port, ...rest] = to.split(':');
  if (rest.length > 0) return { problem: `"${to}" is not of the form NAME:PORT/PROTOCOL` };
  const source = sourceOf(cluster, from);
  if ('problem' in source) return source;
  const target = addressOf(cluster, name);
  if ('problem' in target) return target;
  if (port === undefined) return { from: source, to: target, protocol: 'icmp', port: undefined };
  const said = PortRange.parse(port);
  if (!said.ok || said.value.first !== said.value.last)
    return { problem: `"${port}" is no port: for example 6443 or 53/udp` };
  return { from: source, to: target, protocol: said.value.protocol, port: said.value.first };
}

/** Who asks: a machine of the model, somebody else on a network of it, or the outside. */
function sourceOf(cluster: Cluster, name: string): Found<Machine> {
  if (name === 'internet') return outside(cluster);
  const known = machineOf(cluster, name);
  if (known !== undefined) return known;
  const vip = cluster.vips.find((one) => one.name === name);
  if (vip !== undefined) {
    const members = vip.members.map(({ node }) => node.name).join(', ');
    return { problem: `a virtual IP asks nothing; ask from one of its members: ${members}` };
  }
  const ip = addressIn(cluster, name);
  if ('problem' in ip) return ip;
  const [holder] = holdersOf(machinesOf(cluster), ip);
  if (holder !== undefined) return { ...holder, speaks: ip };
  const network = cluster.networks.find((one) => subnetOf(one, ip) !== undefined);
  return network === undefined ? outside(cluster, ip) : stranger(network, ip);
}

/** Who is asked: a machine's own address, a virtual IP, or an address. */
function addressOf(cluster: Cluster, name: string): Found<Ipv4> {
  const { nodes, vips, hypervisors } = cluster;
  const known = [...nodes, ...vips, ...hypervisors].find((one) => one.name === name);
  if (known !== undefined) return known.ip;
  if (name === 'internet')
    return { problem: '"internet" is no single address: name one of it, for example 8.8.8.8' };
  return addressIn(cluster, name);
}

/** What no machine asks with, or is asked at by one other (RFC 6890, RFC 5771). */
const NOBODYS: readonly (readonly [range: Cidr, what: string])[] = [
  [Cidr.of('0.0.0.0/8'), 'is reserved'],
  [Cidr.of('127.0.0.0/8'), 'is a loopback address'],
  [Cidr.of('224.0.0.0/4'), 'is a multicast address'],
  [Cidr.of('240.0.0.0/4'), 'is reserved'],
];

/** The address of a text, if one machine can have it. */
function addressIn(cluster: Cluster, text: string): Found<Ipv4> {
  const parsed = Ipv4.parse(text);
  if (!parsed.ok) return unknown(cluster, text);
  const ip = parsed.value;
  const [, what] = NOBODYS.find(([range]) => range.contains(ip)) ?? [];
  if (what !== undefined) return { problem: `${ip} ${what}: no machine has it to itself` };
  const around = cluster.networks.flatMap(rangesOf).filter((range) => range.contains(ip));
  const [range] = around;
  if (range === undefined || around.some((one) => isHost(one, ip))) return ip;
  const kind = ip.equals(range.last) ? 'broadcast' : 'network';
  return { problem: `${ip} is the ${kind} address of ${range}: no machine has it to itself` };
}

function isHost({ firstHost, lastHost }: Cidr, { value }: Ipv4): boolean {
  return firstHost.value <= value && value <= lastHost.value;
}

function unknown({ nodes, vips, hypervisors }: Cluster, name: string): { problem: string } {
  const names = [...nodes, ...vips, ...hypervisors].map((one) => one.name);
  const help = didYouMean(name, names, `known: ${names.slice(0, 20).join(', ')}`);
  return { problem: `there is no node, virtual IP or hypervisor "${name}"; ${help}` };
}
