import { describe, expect, it } from 'vitest';
import { buildTree } from '../../support/clusters.ts';
import { inProject } from '../../support/paths.ts';
import { requireTools } from '../../support/require-tools.ts';
import { failedIn, onMachine } from './machine/machine.ts';

const tree = inProject('examples/two-hypervisors/generated');
const TOOLS = ['ansible-playbook', 'nft', 'ip', 'unshare'];
const debian = {
  distribution: 'Debian',
  os_family: 'Debian',
  eno1: { macaddress: '52:54:00:00:00:41' },
  eno2: { macaddress: '52:54:00:00:00:42' },
};

/** Both hypervisors and the LAN's router on one wire; each hypervisor has NetworkManager's profiles for itself. */
const LAN = `
source '${inProject('test/tools/ansible/machine/lan.sh')}'
for address in 192.168.0.41 192.168.0.42; do
  mkdir -p /etc/netns/$address/NetworkManager/system-connections
  ip -n $address address flush dev eth0
  for bridge in br0 br1; do ip -n $address link add $bridge type bridge forward_delay 0; done
  ip -n $address link set eth0 master br0
done
`;

const hypervisors = {
  tree,
  facts: { kvm1: debian, kvm2: debian },
  variables: { ansible_connection: 'ssh' },
  env: { ADDRESSES: '192.168.0.41 192.168.0.42 192.168.0.1' },
};

describe('the bridges of two hypervisors', () => {
  it('have their addresses, and the routes to the networks behind the other one', async (context) => {
    requireTools(context, TOOLS, { root: true });
    const script = `${LAN}
play bridges bridges.yml
for address in 192.168.0.41 192.168.0.42; do
  ip -n $address -4 -oneline address | sed -nE 's/^[0-9]+: (br[01]) +inet ([^ ]+) .*/\\1 \\2/p'
  ip -n $address route | grep ' via 192.168.0.4'
done`;
    const tasks = [{ 'ansible.builtin.import_tasks': 'tasks/host_bridges.yml' }];
    const play = { hosts: 'hypervisors', gather_facts: false, vars: { rollback_seconds: 60 }, tasks };
    const { stdout, answers } = await onMachine(script, {
      ...hypervisors,
      playbooks: { 'bridges.yml': [play] },
    });
    expect(failedIn(answers('bridges'))).toEqual([]);
    expect(stdout.trim().split(/ *\n/)).toEqual([
      ...['br0 192.168.0.41/24', 'br1 10.17.6.1/24', '10.17.5.0/24 via 192.168.0.42 dev br0'],
      ...['br0 192.168.0.42/24', 'br1 10.17.6.2/24', '10.17.4.0/24 via 192.168.0.41 dev br0'],
    ]);
  });
});

describe('setup_host_network.yml', () => {
  it('leaves the second hypervisor alone where the first one fails', async (context) => {
    requireTools(context, TOOLS, { root: true });
    const script = `${LAN}
play failing setup_host_network.yml --start-at-task 'Compare the profiles with the model'
grep -c CheckpointCreate $CALLS
ls /etc/netns/192.168.0.42/NetworkManager/system-connections`;
    const env = { ...hypervisors.env, FAILING: 'nmcli connection reload' };
    const { stdout, answers } = await onMachine(script, { ...hypervisors, env });
    expect(failedIn(answers('failing'))).toContain('Have NetworkManager read them');
    expect(answers('failing').filter(({ host }) => host === 'kvm2')).toEqual([]);
    expect(stdout).toBe('1\n');
  });
});

describe('a hypervisor without DHCP beside one that serves it', () => {
  it('has no reservations to bring up to date', async (context) => {
    requireTools(context, TOOLS, { root: true });
    const script = `
mkdir /run/bin && printf '#!/bin/sh\\n' >/run/bin/virsh && chmod +x /run/bin/virsh
PATH="/run/bin:$PATH" play update update_dhcp_reservations.yml`;
    const { answers } = await onMachine(script, { tree: buildTree(inProject('test/models/full.yaml')) });
    expect(failedIn(answers('update'))).toEqual([]);
    const unmade = answers('update').filter(({ task, skipped }) => task.startsWith('Name those') && !skipped);
    expect(unmade.map(({ host, msg }) => [host, msg])).toEqual([['kvm1', ['kube']]]);
  });
});
