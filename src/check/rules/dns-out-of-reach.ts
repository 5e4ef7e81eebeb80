import type { Ipv4 } from '../../net/ipv4.ts';
import type { Cluster, Network, Node } from '../../resolve/cluster.ts';
import { groupBy } from '../../resolve/group-by.ts';
import { subnetOf } from '../../resolve/subnets.ts';
import { lostOf } from '../lost-connections.ts';
import { oneOfEach } from '../needed-connections.ts';
import { defineRule } from '../rule.ts';

export const dnsOutOfReach = defineRule({
  id: 'dns-out-of-reach',
  severity: 'error',
  docs: {
    summary: "a network's DNS server is one that does not answer its nodes",
    why: 'Nothing leaves a network in `isolated` mode, and into one in `nat` mode nobody opens a connection ([connectivity](https://libvirt.org/formatnetwork.html#connectivity)). The server that libvirt runs for a network takes questions from its own bridge alone: dnsmasq has `interface` and `bind-dynamic` (dnsmasq(8)); measured, its address answers pings from another bridge, and no questions. A resolver waits five seconds for each server that does not answer (resolv.conf(5), `timeout`), and then knows no name.',
    help: "Leave `dns` out: libvirt's own server answers at the router's address and asks what the hypervisor asks. Or name a server in a network that can be reached.",
    fails:
      'networks:\n  vault: { cidr: 10.17.7.0/24, bridge: virbr_vault, mode: isolated, dns: [1.1.1.1] }\nnodes:\n  vault1: { role: vault-node, network: vault, ip: 10.17.7.51 }',
    passes:
      'networks:\n  vault: { cidr: 10.17.7.0/24, bridge: virbr_vault, mode: isolated, dns: [10.17.7.1] }\nnodes:\n  vault1: { role: vault-node, network: vault, ip: 10.17.7.51 }',
  },
  *check(cluster) {
    for (const askers of groupBy(oneOfEach(cluster.nodes), ({ network }) => network.name).values()) {
      const [{ network } = {}] = askers;
      if (network === undefined) continue;
      for (const [index, server] of network.dns.entries()) {
        const targets = cluster.networks.filter((other) => subnetOf(other, server) !== undefined);
        const maker = targets.includes(network)
          ? undefined
          : targets.find((other) => isLibvirts(other, server));
        if (maker !== undefined) {
          yield {
            at: [...network.origin, 'dns', index],
            message: `${server} is libvirt's server for "${maker.name}": it answers nobody who asks from "${network.name}"`,
            related: [{ at: maker.origin, message: 'its network is here' }],
            help:
              network.mode === 'bridge'
                ? 'name a server that answers everybody, such as the router of the LAN'
                : answersHere(network),
          };
          continue;
        }
        const closed = targets.includes(network) ? undefined : closedTo(cluster, askers, server);
        if (closed === undefined) continue;
        yield {
          at: [...network.origin, 'dns', index],
          message: `${server} is out of reach of "${network.name}": libvirt ${refusal(network, closed)}`,
          related: [{ at: [...closed.origin, 'mode'], message: 'its mode is here' }],
          help: answersHere(network),
        };
      }
    }
  },
});

/** Whether libvirt's dnsmasq has an address; it takes questions from its own bridge alone (`bind-dynamic` and `interface`). */
function isLibvirts({ mode, subnets }: Network, server: Ipv4): boolean {
  return mode !== 'bridge' && subnets.some(({ router }) => router.equals(server));
}

function answersHere({ mode, router }: Network): string {
  return mode === 'bridge'
    ? 'take it out of the list, or say `mode: open` there'
    : `leave \`dns\` out, and libvirt answers at ${router.ip}`;
}

/** The network whose mode keeps some of the nodes from a server. */
function closedTo(cluster: Cluster, askers: readonly Node[], ip: Ipv4): Network | undefined {
  const network = cluster.networks.find((other) => subnetOf(other, ip) !== undefined);
  const to = { name: ip.toString(), ip, network, holders: [] };
  const asked = { to, protocol: 'udp', port: 53, what: 'names', at: [] } as const;
  return lostOf(
    cluster,
    askers.map((from) => ({ from, ...asked })),
  ).find(({ closed }) => closed !== undefined)?.closed;
}

function refusal(from: Network, { name, mode }: Network): string {
  return name === from.name ? `lets nothing out of it (${mode})` : `lets nobody into "${name}" (${mode})`;
}
