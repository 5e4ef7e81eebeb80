import { providersOf } from '../../resolve/addressing.ts';
import type { Cluster } from '../../resolve/cluster.ts';
import { nameOf } from '../../resolve/name-of.ts';
import { servesDhcp } from '../../resolve/reservations.ts';
import { rootModules } from '../../resolve/root-modules.ts';

interface Step {
  readonly text: string;
  readonly commands: readonly string[];
}

/** What to do with the tree, in the order in which it works. */
export function applySteps(cluster: Cluster): Step[] {
  const { networks, kubernetes } = cluster;
  const playbook = (name: string) => `ansible-playbook playbooks/${name}.yml`;
  const hosts = cluster.hypervisors.length === 1 ? 'hypervisor' : 'hypervisors';
  const network = `The network of the ${hosts}: bridges, addresses, forwarding, firewall. Look first, then do it.`;
  return [
    { text: prerequisites(cluster), commands: ['ansible-galaxy collection install -r requirements.yml'] },
    {
      text:
        "libvirt's networks that exist already: keep those that virsh net-dumpxml shows as their main.tf says, with virtualport, MAC address and DHCP. " +
        'Any other is removed before the bridges get its addresses, its guests shut off: virsh net-destroy, virsh net-undefine, and terraform state rm in its folder.',
      commands: [],
    },
    {
      text: network,
      commands: [`${playbook('setup_host_network')} --check --diff`, playbook('setup_host_network')],
    },
    {
      text: "libvirt's networks; one that was kept is imported before. A plan that replaces a network would cut off its guests, and is refused.",
      commands: [...rootModules(networks).keys()].flatMap((dir) => [
        `terraform -chdir=../terraform/${dir} init`,
        `terraform -chdir=../terraform/${dir} apply`,
      ]),
    },
    ...(servesDhcp(cluster)
      ? [{ text: 'Reservations that were added since.', commands: [playbook('update_dhcp_reservations')] }]
      : []),
    { text: `The guests, each with its file from guests/${dnsFirst(cluster)}.`, commands: [] },
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

/** What has to be there before anything of this tree is applied. */
function prerequisites({ hypervisors, controller }: Cluster): string {
  const hosts = hypervisors.map(({ name }) => name).join(' and ');
  const runsXsltproc = hypervisors.some(({ terraform }) => terraform.provider === '0.8.3');
  const terraform = runsXsltproc ? ', Terraform and xsltproc, which the provider runs,' : ' and Terraform,';
  return (
    `Before: libvirt and NetworkManager run on ${hosts}, and firewalld does not. ` +
    `${nameOf(controller)} has Ansible${terraform} and reaches every machine over SSH as a user with sudo.`
  );
}

/** What the others need to install anything. */
function dnsFirst({ nodes }: Cluster): string {
  const providers = providersOf(nodes, 'dns').map(({ name }) => name);
  return providers.length === 0 ? '' : `; first ${providers.join(' and ')}, where the others look up names`;
}
