import { crosses, enters } from '../../firewall/places.ts';
import { routedNetworks } from '../../resolve/addressing.ts';
import type { Cluster, Flow, Network, Vip } from '../../resolve/cluster.ts';
import { letsOpen } from '../../resolve/modes.ts';
import { nameOf } from '../../resolve/name-of.ts';
import { OPERATING_SYSTEMS } from '../../resolve/operating-system.ts';
import { rootModules } from '../../resolve/root-modules.ts';
import { rangesOf } from '../../resolve/subnets.ts';
import { defineRenderer } from '../renderer.ts';
import { applySteps } from './apply-steps.ts';
import { rulesetFile } from './firewall.ts';
import { tableOf } from './reach.ts';
import { secretsOf } from './secrets.ts';

export const readme = defineRenderer({
  id: 'readme',
  template: 'README.md.njk',
  *jobs(cluster) {
    yield {
      view: {
        name: cluster.name,
        hypervisor: cluster.hypervisors.length === 1 ? 'the hypervisor' : 'a hypervisor',
        summary: summary(cluster),
        controller: controllerText(cluster),
        steps: applySteps(cluster),
        secrets: secretsOf(cluster),
        files: filesTable(cluster),
        networks: networksTable(cluster),
        nodes: nodesTable(cluster),
        vips: vipsTable(cluster),
        closed: closedNetworks(cluster),
        flows: cluster.flows.filter((flow) => isFiltered(cluster, flow)).map(flowView),
        reach: reachTable(cluster),
        stops: tableOf(cluster).notes,
        isMissing: tableOf(cluster).rows.some(({ outcomes }) => outcomes.some(({ is }) => is === 'missing')),
        rules: cluster.firewallRules.map(({ chain, before, rule, comment }) => ({
          place: `${chain}, before the ${before}`,
          rule,
          comment,
        })),
      },
    };
  },
});

const DISTRIBUTIONS = { k3s: 'K3s', rke2: 'RKE2', kubeadm: 'Kubernetes by kubeadm' } as const;

function summary({ kubernetes, hypervisors, domain }: Cluster): string {
  const hosts = hypervisors.map(({ name, os }) => `${name} (${OPERATING_SYSTEMS[os].title})`).join(', ');
  return `${DISTRIBUTIONS[kubernetes.distribution]} on ${hosts}; names end in ${domain}.`;
}

/** Where commands run; a controller that is no machine of the model needs the routes that those have. */
function controllerText({ controller, hypervisors, networks }: Cluster): string {
  const hosts = hypervisors.length === 1 ? 'hypervisor' : 'hypervisors';
  const runs = `Ansible and Terraform run on ${nameOf(controller)}, over SSH and with sudo on every machine, the ${hosts} too.`;
  if (controller.kind !== 'address') return runs;
  const routes = hypervisors.flatMap((hypervisor) => {
    const inner = routedNetworks({ networks }, hypervisor)
      .filter((network) => letsOpen(undefined, network))
      .flatMap(rangesOf);
    return inner.length === 0 ? [] : [`${inner.join(' and ')} via ${hypervisor.ip}`];
  });
  return routes.length === 0 ? runs : `${runs} It needs routes to ${routes.join(', and to ')}.`;
}

function filesTable(cluster: Cluster) {
  const { networks, kubernetes, firewallPath, hypervisors } = cluster;
  const rulesets = hypervisors.map((hypervisor) => `nftables/${rulesetFile(cluster, hypervisor)}`);
  const dirs = [...rootModules(networks).keys()].map((dir) => `terraform/${dir}/`).join(', ');
  return {
    head: ['Path', 'What it is'],
    rows: [
      ['ansible/inventory/', 'hosts, groups and all values that playbooks and templates use'],
      ['ansible/playbooks/', 'what is run on the machines; nothing in them is particular to this cluster'],
      [dirs, "libvirt's networks: a root module of Terraform in each folder"],
      ['guests/NODE/', "the network configuration that goes into each guest's image"],
      [`kubernetes/${kubernetes.distribution}/`, 'what the distribution has to know of the virtual IP'],
      [
        rulesets.join(', '),
        `the firewall of ${hypervisors.length === 1 ? 'the' : 'each'} hypervisor, there as ${firewallPath}`,
      ],
      ['.gen-infra.json', 'what the last build wrote, so that the next one overwrites nothing else'],
    ],
  };
}

function networksTable({ networks, hypervisors }: Cluster) {
  const isOne = hypervisors.length === 1;
  const router = ({ subnets, router: { hypervisor } }: Network) =>
    `${subnets.map((subnet) => subnet.router).join(', ')} (${hypervisor === undefined ? 'outside' : isOne ? 'the hypervisor' : hypervisor.name})`;
  const bridges = ({ bridges: all }: Network) =>
    all.map(({ hypervisor, name }) => (isOne ? name : `${hypervisor.name}: ${name}`)).join(', ');
  const tag = ({ vlan }: Network) => (vlan === undefined ? '' : `, VLAN ${vlan}`);
  return {
    head: ['Network', 'Range', 'Mode', 'Bridge', 'Router', 'DHCP', 'DNS'],
    rows: networks.map((network) => [
      network.name,
      rangesOf(network).join(', '),
      network.mode,
      bridges(network) + tag(network),
      router(network),
      network.dhcp?.toString() ??
        (network.foreignDhcp === undefined ? '' : `${network.foreignDhcp} (outside)`),
      network.dns.join(', '),
    ]),
  };
}

function nodesTable({ nodes, hypervisors }: Cluster) {
  const isOne = hypervisors.length === 1;
  return {
    head: [
      'Node',
      ...(isOne ? [] : ['Hypervisor']),
      ...['Roles', 'Network', 'Address', 'MAC address', 'Operating system', 'Also known as'],
    ],
    rows: nodes.map(({ name, hypervisor, roles, nics, os, aliases }) => [
      name,
      ...(isOne ? [] : [hypervisor.name]),
      roles.join(', '),
      nics.map(({ network }) => network.name).join(', '),
      nics.map(({ ip, addressing }) => `${ip} (${addressing})`).join(', '),
      nics.flatMap(({ mac }) => mac?.toString() ?? []).join(', '),
      OPERATING_SYSTEMS[os].title,
      aliases.join(', '),
    ]),
  };
}

function vipsTable({ vips }: Cluster) {
  const members = ({ members: all }: Vip) =>
    all.map(({ node, priority }) => `${node.name} (${priority})`).join(', ');
  return {
    head: ['Virtual IP', 'Address', 'VRID', 'Members (priority)', 'Port', 'Backends'],
    rows: vips.flatMap((vip) =>
      vip.frontends.map(({ port, backends, backendPort }) => [
        vip.name,
        vip.ip.toString(),
        String(vip.vrid),
        members(vip),
        String(port),
        `${backends.name}:${backendPort}`,
      ]),
    ),
  };
}

/** The networks of which libvirt's own rules refuse connections, whatever the firewall says. */
function closedNetworks({ networks }: Cluster) {
  return networks
    .filter((network) => !letsOpen(undefined, network))
    .map((network) => ({
      name: network.name,
      mode: network.mode,
      refused: letsOpen(network, undefined)
        ? 'every connection into it'
        : 'everything that enters or leaves it',
    }));
}

function reachTable(cluster: Cluster) {
  const { columns, rows } = tableOf(cluster);
  return {
    head: ['From', ...columns.map(({ text }) => text)],
    rows: rows.map(({ asker, outcomes }) => [asker, ...outcomes.map(({ text }) => text)]),
  };
}

/** Whether the firewall has a rule for some part of a flow. */
function isFiltered(cluster: Cluster, { from, to }: Flow): boolean {
  const hosts = cluster.hypervisors.map((hypervisor) => ({ cluster, hypervisor }));
  const pairs = from.flatMap((source) => to.map((target) => [source, target] as const));
  return pairs.some((pair) => hosts.some((host) => crosses(host, ...pair) || enters(host, ...pair)));
}

function flowView({ from, to, ports, reason }: Flow) {
  return {
    from: from.map(nameOf).join(', '),
    to: to.map(nameOf).join(', '),
    ports: ports.length === 0 ? 'everything' : ports.join(', '),
    reason,
  };
}
