import { Cidr } from '../net/cidr.ts';
import { Ipv4 } from '../net/ipv4.ts';
import type { Cluster } from '../resolve/cluster.ts';
import { rangesOf } from '../resolve/subnets.ts';

/** What a network can have without asking anybody (RFC 1918). */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map(Cidr.of);

/** The next range of the same length, among the same private addresses, that overlaps nothing in the cluster. */
export function nextFreeRange({ networks, kubernetes }: Cluster, after: Cidr): Cidr | undefined {
  const block = PRIVATE.find((range) => range.includes(after.network, after.last));
  if (block === undefined) return undefined;
  const taken = [...networks.flatMap(rangesOf), kubernetes.podCidr, kubernetes.serviceCidr];
  let start = after.last.value + 1;
  while (start <= block.last.value) {
    const candidate = Cidr.around(Ipv4.fromNumber(start), after.prefix);
    const blocking = taken.find((range) => range.overlaps(candidate));
    if (blocking === undefined) return candidate;
    start = Math.max(candidate.last.value, blocking.last.value) + 1;
  }
  return undefined;
}
