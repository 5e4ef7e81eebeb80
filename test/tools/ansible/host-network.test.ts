import { describe, expect, it } from 'vitest';
import { clusters } from '../../support/clusters.ts';
import { requireTools } from '../../support/require-tools.ts';
import { play, TOOLS } from './play.ts';

const [reference, smallest] = clusters;
const PLAYBOOK = 'setup_host_network.yml';
const services = ['NetworkManager'];
const from = (task: string) => `${PLAYBOOK} --start-at-task "${task}"`;

describe.concurrent('setup_host_network.yml refuses', () => {
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
    const played = await play(tree, from('Look at the bridges that exist'), { setUp: link });
    expect(played.said).toContain(message);
    expect(played).toMatchObject({ exitCode: 2, calls: [] });
  });

  it('a ruleset of others that flushes at boot, and names it', async (context) => {
    requireTools(context, TOOLS, { root: true });
    const setUp = `
echo 'include "/etc/nftables/*.nft"' >>/etc/sysconfig/nftables.conf
echo 'include "/etc/nftables/flatcar-microcloud.conf"' >>/etc/sysconfig/nftables.conf
printf 'flush ruleset\\ntable inet filter { }\\n' | tee /etc/nftables/filter.nft >/etc/nftables/flatcar-microcloud.conf
echo 'table inet other { }' >/etc/nftables/other.nft`;
    const task = from("Look for rulesets that would flush everybody's rules at boot");
    const played = await play(reference.tree, task, { setUp });
    // That file is replaced by ours, whatever it says.
    expect(played.said).toContain('msg: /etc/nftables/filter.nft says "flush ruleset"');
    expect(played).toMatchObject({ exitCode: 2, calls: [] });
  });

  it('to work beside firewalld', async (context) => {
    requireTools(context, TOOLS, { root: true });
    const machine = { setUp: 'card enp4s0f1', services: [...services, 'firewalld'] };
    const played = await play(reference.tree, PLAYBOOK, machine);
    expect(played.said).toContain('firewalld runs, and rejects what the generated firewall accepts.');
    expect(played).toMatchObject({ exitCode: 2, calls: [] });
  });
});

describe.concurrent('setup_host_network.yml', () => {
  it('shows in check mode packages, profiles, rules, boot include and forwarding, and changes nothing', async (context) => {
    requireTools(context, TOOLS, { root: true });
    const played = await play(reference.tree, `${PLAYBOOK} --check --diff`, {
      setUp: 'card enp4s0f1',
      services,
      packages: ['nftables'],
      lookAt: 'find /etc -newer /run/calls -type f; sysctl -n net.ipv4.ip_forward; nft list ruleset',
    });
    expect(played.said).toContain('msg: NetworkManager-ovs, openvswitch3.3');
    expect(played.said).toMatch(
      /\+id=br0-ovs-bridge .* \+type=ovs-bridge \+interface-name=br0 .* \+id=br0-ovs-uplink .* \+interface-name=enp4s0f1 /,
    );
    expect(played.said).toContain(
      '+address1=192.168.0.40/24 +address2=10.17.3.1/24 +address3=10.17.4.1/24 +gateway=192.168.0.1 ',
    );
    expect(played.said).toContain('+delete table inet gi_flatcar_microcloud ');
    expect(played.said).toContain('+include "/etc/nftables/flatcar-microcloud.conf" ');
    expect(played.said).toContain('changed: [virtualizacion-server] => (item=net.ipv4.ip_forward)');
    expect(played).toMatchObject({ exitCode: 0, calls: [], seen: '0\n' });
  });

  it('changes bridges behind a checkpoint, which stays where a step fails', async (context) => {
    requireTools(context, TOOLS, { root: true });
    const played = await play(smallest.tree, from('Compare the profiles with the model'), {
      setUp: 'card enp4s0f1',
      failing: 'nmcli connection reload',
      lookAt: 'ls /etc/NetworkManager/system-connections',
    });
    expect(played.said).toContain(
      'Have NetworkManager read them: failed. NetworkManager restores the network',
    );
    expect(played.exitCode).toBe(2);
    expect(played.calls).toEqual([
      expect.stringMatching(/^busctl call .* CheckpointCreate aouu 0 120 7$/),
      'nmcli connection reload',
    ]);
    expect(played.seen).toBe('br0-linux-bridge.nmconnection\nbr0-linux-port.nmconnection\n');
  });
});
