import { didYouMean } from '../diagnostics/suggest.ts';
import { Ipv4 } from '../net/ipv4.ts';
import { PortRange } from '../net/port-range.ts';
import type { Cluster } from '../resolve/cluster.ts';
import { subnetOf } from '../resolve/subnets.ts';
import { type Machine, machineOf, outside, stranger } from './machines.ts';
import type { Question } from './reach.ts';

/** Either what is meant, or in words why nothing is. */
type Found<T> = T | { readonly problem: string };

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
  const ip = Ipv4.parse(name);
  if (!ip.ok) return unknown(cluster, name);
  const network = cluster.networks.find((one) => subnetOf(one, ip.value) !== undefined);
  return network === undefined ? outside(cluster, ip.value) : stranger(network, ip.value);
}

/** Who is asked: a machine's own address, a virtual IP, or an address. */
function addressOf(cluster: Cluster, name: string): Found<Ipv4> {
  const { nodes, vips, hypervisors } = cluster;
  const known = [...nodes, ...vips, ...hypervisors].find((one) => one.name === name);
  if (known !== undefined) return known.ip;
  const ip = Ipv4.parse(name);
  return ip.ok ? ip.value : unknown(cluster, name);
}

function unknown({ nodes, vips, hypervisors }: Cluster, name: string): { problem: string } {
  const names = [...nodes, ...vips, ...hypervisors].map((one) => one.name);
  const help = didYouMean(name, names, `known: ${names.slice(0, 20).join(', ')}`);
  return { problem: `there is no node, virtual IP or hypervisor "${name}"; ${help}` };
}
