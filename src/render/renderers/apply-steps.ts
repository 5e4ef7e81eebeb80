import type { Cluster } from '../../resolve/cluster.ts';

interface Step {
  readonly text: string;
  readonly commands: readonly string[];
}

/** What to do with the tree, in the order in which it works. */
export function applySteps(cluster: Cluster): Step[] {
  const { networks, kubernetes } = cluster;
  const servesDhcp = networks.some(({ dhcp }) => dhcp !== undefined);
  const playbook = (name: string) => `ansible-playbook playbooks/${name}.yml`;
  const network =
    'The network of the hypervisor: bridges, addresses, forwarding, firewall. Look first, then do it.';
  const libvirt =
    "libvirt's networks. One that exists, and that virsh net-dumpxml shows as its main.tf says, with its virtualport, MAC address and DHCP, " +
    'is imported first; any other is removed first, with its guests shut off (virsh net-destroy, virsh net-undefine, terraform state rm). ' +
    'A plan that replaces a network would cut off its guests, and is refused.';
  return [
    { text: 'What the playbooks need.', commands: ['ansible-galaxy collection install -r requirements.yml'] },
    {
      text: network,
      commands: [`${playbook('setup_host_network')} --check --diff`, playbook('setup_host_network')],
    },
    {
      text: libvirt,
      commands: networks.flatMap(({ terraform: { dir } }) => [
        `terraform -chdir=../terraform/${dir} init`,
        `terraform -chdir=../terraform/${dir} apply`,
      ]),
    },
    ...(servesDhcp
      ? [{ text: 'Reservations that were added since.', commands: [playbook('update_dhcp_reservations')] }]
      : []),
    { text: 'The guests, each with its file from guests/.', commands: [] },
    {
      text: 'The load balancers, also before there is anything behind them.',
      commands: [playbook('install_haproxy_keepalived')],
    },
    { text: `Kubernetes, with the files from kubernetes/${kubernetes.distribution}/.`, commands: [] },
    {
      text: 'The proof: every connection that has to work is tried.',
      commands: [playbook('verify_connectivity')],
    },
  ];
}
