import { editDistance } from '../../diagnostics/suggest.ts';
import { Cidr } from '../../net/cidr.ts';
import type { Ipv4 } from '../../net/ipv4.ts';
import { providersOf } from '../../resolve/addressing.ts';
import type { Cluster, Network, Place } from '../../resolve/cluster.ts';
import { subnetOf } from '../../resolve/subnets.ts';
import { addressHolders } from '../address-holders.ts';
import { defineRule } from '../rule.ts';

export const targetOfNobody = defineRule({
  id: 'target-of-nobody',
  severity: 'warning',
  docs: {
    summary:
      'a flow, a verification, a datastore or a DNS server is at an address of the cluster that nobody has',
    why: 'The hypervisor asks for the address on that network (ARP, RFC 826), nobody answers, and connections end in "No route to host". Mostly the address is mistyped, or its machine has another one by now. Who takes the address later gets what was opened for somebody else.',
    help: 'Name the node, role or VIP instead of its address, so that it moves with it. Judged are networks that a hypervisor routes, where all machines are of the model: on a LAN with a router of its own others can live, as they can in a DHCP pool.',
    fails: 'verify: [{ from: worker, to: 10.17.4.12, ports: [6443] }]',
    passes:
      'firewall:\n  flows: [{ from: lan, to: [10.17.4.24, 10.17.4.64/26, 10.17.4.150], ports: [9100] }]\nverify: [{ from: worker, to: [192.168.0.9, 10.17.4.1] }]',
  },
  *check(cluster) {
    const holders = addressHolders(cluster);
    const held = new Set(holders.map(({ ip }) => ip.value));
    const providers = new Set(providersOf(cluster.nodes, 'dns').map(({ name }) => name));
    // What is retired is found as such.
    const retired = new Set(cluster.retired.map(({ text }) => text));
    const seen = new Set<string>();
    for (const place of targetsOf(cluster)) {
      if (place.kind !== 'address' || place.origin === undefined || !place.cidr.isAddress) continue;
      const ip = place.cidr.network;
      const network = networkAround(cluster, ip);
      if (network === undefined || held.has(ip.value) || retired.has(ip.toString()) || isLeased(network, ip))
        continue;
      const key = place.origin.join('\n');
      if (seen.has(key)) continue;
      seen.add(key);
      const beside = holders.filter((holder) => holder.network === network && holder.isRouter !== true);
      const servers = place.origin[2] === 'dns' ? beside.filter(({ name }) => providers.has(name)) : [];
      const near = (servers.length > 0 ? servers : beside).sort(
        (a, b) => distance(a.ip, ip) - distance(b.ip, ip),
      )[0];
      yield {
        at: place.origin,
        message: `nobody in "${network.name}" has the address ${ip}`,
        ...(near === undefined
          ? {}
          : {
              related: [{ at: near.at, message: `the nearest one is of ${near.name}` }],
              help:
                editDistance(near.ip.toString(), ip.toString(), 2) < 2
                  ? `did you mean "${near.name}"? a name moves with its address`
                  : "name the machine or virtual IP that has it; waive the rule for one that no machine of the model has, such as MetalLB's",
            }),
      };
    }
  },
});

function targetsOf({ flows, verifications, kubernetes, networks }: Cluster): Place[] {
  return [
    ...flows.flatMap(({ to }) => to),
    ...verifications.map(({ to }) => to),
    ...(kubernetes.datastore?.at ?? []),
    ...networks.flatMap(({ dns, origin }) =>
      dns.map((server, index): Place => {
        return { kind: 'address', cidr: Cidr.around(server, 32), origin: [...origin, 'dns', index] };
      }),
    ),
  ];
}

/** The network that an address is in, where all others that have it are routed by a hypervisor, too. */
function networkAround({ networks }: Cluster, ip: Ipv4): Network | undefined {
  const around = networks.filter((network) => subnetOf(network, ip) !== undefined);
  return around.every(({ router }) => router.hypervisor !== undefined) ? around[0] : undefined;
}

/** Whether some guest that is not in the model can have the address. */
function isLeased({ dhcp, foreignDhcp }: Network, ip: Ipv4): boolean {
  return [dhcp, foreignDhcp].some((pool) => pool?.contains(ip));
}

/** How many digits differ, then how far they are apart. */
function distance(one: Ipv4, other: Ipv4): number {
  const [a, b] = [one.toString(), other.toString()];
  const differing =
    [...a].filter((digit, index) => digit !== b[index]).length + Math.abs(a.length - b.length);
  return differing * 2 ** 32 + Math.abs(one.value - other.value);
}
