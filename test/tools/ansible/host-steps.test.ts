import { describe, expect, it } from 'vitest';
import { clusters } from '../../support/clusters.ts';
import { requireTools } from '../../support/require-tools.ts';
import { type Answer, changedIn, failedIn, onMachine } from './machine/machine.ts';

const [, { tree }] = clusters;

const facts = {
  kvm1: {
    distribution: 'Debian',
    os_family: 'Debian',
    interfaces: ['enp4s0f1'],
    enp4s0f1: { macaddress: '52:54:00:00:00:40' },
  },
};

/** A machine with a playbook of one step of setup_host_network.yml. */
function step(tasks: string, vars: Readonly<Record<string, unknown>> = {}) {
  const needed = {
    rollback_seconds: 60,
    has_openvswitch: false,
    boot_ruleset: '/etc/nftables.conf',
    boot_rulesets: { Debian: '/etc/nftables.conf' },
  };
  const play = { hosts: 'kvm1', tasks: [{ 'ansible.builtin.import_tasks': `tasks/${tasks}` }] };
  return { tree, facts, playbooks: { 'step.yml': [{ ...play, vars: { ...needed, ...vars } }] } };
}

const TOOLS = ['ansible-playbook', 'nft', 'ip', 'unshare'];

function messages(answers: readonly Answer[], task: string): unknown[] {
  return answers.filter((answer) => answer.task === task && !answer.skipped).map(({ msg }) => msg);
}

describe('a hypervisor on which a rollback of an earlier run is under way', () => {
  it('is not touched before that is over', async (context) => {
    requireTools(context, TOOLS, { root: true });
    const { stdout, answers } = await onMachine('play preflight step.yml; grep -c "Checkpoints$" $CALLS', {
      ...step('host_preflight.yml'),
      env: { SERVICES: 'NetworkManager.service' },
    });
    expect(failedIn(answers('preflight'))).toEqual([]);
    expect(stdout).toBe('2\n');
  });
});

describe('the packages of a hypervisor', () => {
  it('are those of Open vSwitch where a bridge is of that kind', async (context) => {
    requireTools(context, TOOLS, { root: true });
    const machine = step('host_packages.yml', {
      has_openvswitch: true,
      openvswitch_package: 'openvswitch3.3',
    });
    const { answers } = await onMachine('play packages step.yml --check', machine);
    expect(failedIn(answers('packages'))).toEqual([]);
    expect(messages(answers('packages'), 'Say what would be installed')).toEqual([
      'NetworkManager-ovs, openvswitch3.3',
    ]);
  });
});

describe('the bridges of a hypervisor', () => {
  it('come with a checkpoint, have their addresses, and are left alone from then on', async (context) => {
    requireTools(context, TOOLS, { root: true });
    const script = `
ip link add br0 type bridge && ip link add cable type veth peer name eth0
ip netns add router && ip link set eth0 netns router
ip link set cable master br0 up
ip -n router link set eth0 up && ip -n router address add 192.168.0.1/24 dev eth0
play first step.yml
stat -c '%a %n' /etc/NetworkManager/system-connections/*
ip -oneline -4 address show dev br0 | grep -o '192[^ ]*/24'
grep -oE 'Checkpoint(Create|Destroy o .*)|connection (up|reload).*' $CALLS
play second step.yml`;
    const { stdout, answers } = await onMachine(script, step('host_bridges.yml'));
    expect(failedIn(answers('first'))).toEqual([]);
    expect(stdout.trim().split('\n')).toEqual([
      '600 /etc/NetworkManager/system-connections/br0-linux-bridge.nmconnection',
      '600 /etc/NetworkManager/system-connections/br0-linux-port.nmconnection',
      '192.168.0.40/24',
      'CheckpointCreate',
      'connection reload',
      'connection up br0-linux-bridge',
      'connection up br0-linux-port',
      'CheckpointDestroy o /org/freedesktop/NetworkManager/Checkpoint/7',
    ]);
    expect(failedIn(answers('second'))).toEqual([]);
    expect(changedIn(answers('second'))).toEqual([]);
  });
});

describe('the firewall of a hypervisor', () => {
  const machine = step('host_firewall_load.yml');

  it('is replaced with a way back that is armed before and disarmed after', async (context) => {
    requireTools(context, TOOLS, { root: true });
    const script = `
mkdir -p /etc/nftables
play load step.yml
cut -d' ' -f1-3 $CALLS
nft list tables
ls /etc/nftables
bash -c "$(cat /run/way-back)"
nft list tables`;
    const { stdout, answers } = await onMachine(script, machine);
    expect(failedIn(answers('load'))).toEqual([]);
    expect(stdout.trim().split('\n')).toEqual([
      'systemd-run --collect --unit=cluster-firewall-rollback',
      'systemctl stop cluster-firewall-rollback.timer',
      'table inet gi_home',
      'home.conf',
      'table inet gi_home',
    ]);
  });

  it('is not touched by a ruleset that nft does not take, and nothing is armed', async (context) => {
    requireTools(context, TOOLS, { root: true });
    const script = `
mkdir -p /etc/nftables && echo 'table inet gi_home { }' >/etc/nftables/home.conf
echo 'table inet gi_home { chain }' >/run/broken.conf
play load step.yml --extra-vars firewall_source=/run/broken.conf
cat $CALLS /etc/nftables/home.conf`;
    const { stdout, answers } = await onMachine(script, machine);
    expect(failedIn(answers('load'))).toEqual(['Write the ruleset beside the one in effect']);
    expect(stdout).toBe('table inet gi_home { }\n');
  });

  it('is there after a reboot, beside tables of others, and packets are forwarded', async (context) => {
    requireTools(context, TOOLS, { root: true });
    const script = `
ip link add br0 type bridge && mkdir -p /etc/nftables && cp "$TREE/nftables/home.conf" /etc/nftables/
cat >/etc/nftables.conf <<'CONF'
#!/usr/sbin/nft -f

flush ruleset

table inet filter {
}
CONF
play boot setup_host_network.yml --start-at-task "Take the flush out of Debian's own ruleset"
nft add table ip libvirt_network
nft -f /etc/nftables.conf
nft list tables
cat /proc/sys/net/ipv4/ip_forward`;
    const { stdout, answers } = await onMachine(script, { tree, facts });
    expect(failedIn(answers('boot'))).toEqual([]);
    expect(stdout.trim().split('\n')).toEqual([
      'table ip libvirt_network',
      'table inet filter',
      'table inet gi_home',
      '1',
    ]);
  });
});
