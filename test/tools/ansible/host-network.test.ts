import { describe, expect, it } from 'vitest';
import { clusters } from '../../support/clusters.ts';
import { requireTools } from '../../support/require-tools.ts';
import { complaintsIn, contentsIn, failedIn, onMachine } from './machine/machine.ts';

const [reference, smallest] = clusters;
const PLAYBOOK = 'setup_host_network.yml';
const TOOLS = ['ansible-playbook', 'nft', 'ip', 'unshare'];
const from = (task: string) => `${PLAYBOOK} --start-at-task "${task}"`;

interface Circumstances {
  readonly interfaces?: readonly string[];
  readonly services?: readonly string[];
}

/** Both clusters' hypervisors, with EL9. */
function hypervisor(tree: string, { interfaces = [], services = [] }: Circumstances = {}) {
  const facts = {
    os_family: 'RedHat',
    distribution: 'Rocky',
    interfaces: ['enp4s0f1', ...interfaces],
    enp4s0f1: { macaddress: '52:54:00:00:00:40' },
  };
  return {
    tree,
    facts: { 'virtualizacion-server': facts, kvm1: facts },
    env: { SERVICES: ['NetworkManager', ...services].map((name) => `${name}.service`).join(' ') },
  };
}

/** The orders that change something. */
const ORDERS =
  "grep -oE 'systemctl .*|Checkpoint(Create|Destroy)|connection (up|reload|modify).*' $CALLS || true";

describe('setup_host_network.yml refuses', () => {
  it.for([
    {
      what: 'to make an Open vSwitch bridge of a Linux bridge',
      tree: reference.tree,
      link: 'ip link add br0 type bridge',
      message: 'There is a link br0 of kind bridge, and the model wants a bridge of kind openvswitch.',
    },
    {
      what: 'to make a Linux bridge of a link that is none',
      tree: smallest.tree,
      link: 'ip link add br0 type veth peer name elsewhere',
      message: 'There is a link br0 of kind veth, and the model wants a bridge of kind linux.',
    },
  ])('$what', async ({ tree, link, message }, context) => {
    requireTools(context, TOOLS, { root: true });
    const script = `${link}; play host ${from('Look at the bridges that exist')}; ${ORDERS}`;
    const { stdout, answers } = await onMachine(script, hypervisor(tree, { interfaces: ['br0'] }));
    expect(complaintsIn(answers('host'))).toEqual([expect.stringContaining(message)]);
    expect(stdout).toBe('');
  });

  it.for([
    {
      what: 'an uplink that is a port of another bridge',
      links: 'ip link add br-old type bridge && ip link set enp4s0f1 master br-old',
      message: 'enp4s0f1 is a port of br-old, whose guests would be left behind without it.',
    },
    {
      what: 'an address of the bridge that another link has',
      links: 'ip link add virbr1 type bridge && ip address add 10.17.3.1/24 dev virbr1',
      message: 'virbr1 has 10.17.3.1, which the model gives to br0.',
    },
  ])('$what', async ({ links, message }, context) => {
    requireTools(context, TOOLS, { root: true });
    const script = `
ip link add enp4s0f1 type veth peer name cable && ip address add 192.168.0.40/24 dev enp4s0f1
${links}
play host ${from('Read the links and their addresses')}; ${ORDERS}`;
    const { stdout, answers } = await onMachine(script, hypervisor(reference.tree));
    expect(complaintsIn(answers('host'))).toEqual([expect.stringContaining(message)]);
    expect(stdout).toBe('');
  });

  it('a ruleset of others that flushes at boot, and names it', async (context) => {
    requireTools(context, TOOLS, { root: true });
    // That file is replaced by ours, whatever it says.
    const script = `
mkdir -p /etc/sysconfig /etc/nftables
printf 'include "/etc/nftables/%s"\\n' '*.nft' flatcar-microcloud.conf >/etc/sysconfig/nftables.conf
printf 'flush ruleset\\ntable inet filter { }\\n' | tee /etc/nftables/filter.nft >/etc/nftables/flatcar-microcloud.conf
echo 'table inet other { }' >/etc/nftables/other.nft
play host ${from("Look for rulesets that would flush everybody's rules at boot")}; ${ORDERS}`;
    const { stdout, answers } = await onMachine(script, hypervisor(reference.tree));
    expect(complaintsIn(answers('host'))).toEqual([
      expect.stringContaining('/etc/nftables/filter.nft says "flush ruleset"'),
    ]);
    expect(stdout).toBe('');
  });

  it('to work beside firewalld', async (context) => {
    requireTools(context, TOOLS, { root: true });
    const script = `play host ${PLAYBOOK}; ${ORDERS}`;
    const { stdout, answers } = await onMachine(
      script,
      hypervisor(reference.tree, { services: ['firewalld'] }),
    );
    expect(complaintsIn(answers('host'))).toEqual([
      expect.stringContaining('firewalld runs, and rejects what the generated firewall accepts.'),
    ]);
    expect(stdout).toBe('');
  });
});

describe('setup_host_network.yml', () => {
  it('shows in check mode packages, profiles, rules, boot include and forwarding, and changes nothing', async (context) => {
    requireTools(context, TOOLS, { root: true });
    const script = `
mkdir -p /etc/sysconfig /etc/nftables && echo '# include "/etc/nftables/main.nft"' >/etc/sysconfig/nftables.conf
touch /run/before
play host ${PLAYBOOK} --check --diff
find /etc -newer /run/before -type f; sysctl -n net.ipv4.ip_forward; nft list ruleset; ${ORDERS}`;
    const { stdout, answers } = await onMachine(script, hypervisor(reference.tree));
    expect(failedIn(answers('host'))).toEqual([]);
    const packages = answers('host').find(({ task }) => task === 'Say what would be installed');
    expect(packages?.msg).toBe('NetworkManager-ovs, openvswitch3.3');
    const contents = contentsIn(answers('host'));
    for (const lines of [
      /^id=br0-ovs-bridge\nuuid=.*\ntype=ovs-bridge\ninterface-name=br0$/m,
      /^id=br0-ovs-uplink\nuuid=.*\ntype=ethernet\ninterface-name=enp4s0f1$/m,
      /^address1=192.168.0.40\/24\naddress2=10.17.3.1\/24\naddress3=10.17.4.1\/24\ngateway=192.168.0.1$/m,
      /^delete table inet gi_flatcar_microcloud$/m,
      /^include "\/etc\/nftables\/flatcar-microcloud.conf"$/m,
    ]) {
      expect(contents).toMatch(lines);
    }
    const forwarding = answers('host').find(({ task }) => task.startsWith('Forward packets'));
    const forward = { name: 'net.ipv4.ip_forward', value: '1' };
    expect(forwarding?.results).toContainEqual(expect.objectContaining({ item: forward, changed: true }));
    expect(stdout).toBe('0\n');
  });

  it('changes bridges behind a checkpoint, which stays where a step fails', async (context) => {
    requireTools(context, TOOLS, { root: true });
    const machine = hypervisor(smallest.tree);
    const script = `
play host ${from('Compare the profiles with the model')}
ls /etc/NetworkManager/system-connections; ${ORDERS}`;
    const { stdout, answers } = await onMachine(script, {
      ...machine,
      env: { ...machine.env, FAILING: 'nmcli connection reload' },
    });
    expect(complaintsIn(answers('host')).at(-1)).toContain(
      'Have NetworkManager read them: failed. NetworkManager restores the network',
    );
    expect(stdout.trim().split('\n')).toEqual([
      'br0-linux-bridge.nmconnection',
      'br0-linux-port.nmconnection',
      'CheckpointCreate',
      'connection reload',
    ]);
  });
});
