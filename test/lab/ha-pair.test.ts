import { describe, expect, test } from 'vitest';
import { applyToFreshMachines, example, RULESET, well } from './apply.ts';

/** Two load balancers in a pair, and the way back from what would lock somebody out of the only hypervisor. */
const get = applyToFreshMachines(example('examples/ha-pair/cluster.yaml'));

describe('what would lock the controller out', () => {
  const isReached = async () =>
    (await get().inNetwork('controller', ['timeout', '2', 'bash', '-c', 'exec 3<>/dev/tcp/192.168.1.10/22']))
      .exitCode === 0;
  const rollback = ['-e', 'rollback_seconds=30'];

  test('a ruleset that cuts SSH is taken back by the hypervisor itself', async () => {
    const lab = get();
    const cut =
      'table inet gi_ha_pair {\n chain input {\n  type filter hook input priority filter; policy accept;\n  tcp dport 22 drop\n }\n}\n';
    const file = lab.writeFile('cut.nft', cut);
    const played = await lab.play('setup_host_network', '-e', `firewall_source=${file}`, ...rollback);
    expect(played.exitCode).not.toBe(0);
    expect(await lab.eventually(isReached, 60)).toBe(true);
    expect(await lab.machine('kvm1').shell('nft list table inet gi_ha_pair')).toContain('cluster_forward');
    expect(await lab.machine('kvm1').shell('cat /etc/nftables/ha-pair.conf')).toContain('cluster_forward');
    expect(well(await lab.play('setup_host_network'))).toMatchObject({ changed: 0 });
  });

  test('a bridge that comes up with an address that nobody reaches is taken back by the hypervisor itself', async () => {
    const lab = get();
    const bridge = {
      name: 'br0',
      kind: 'linux',
      uplink: 'enp4s0f1',
      addresses: ['192.168.1.11/24'],
      gateway: '192.168.1.1',
      dns: ['192.168.1.1'],
      profiles: ['linux-bridge', 'linux-port'],
      activate: ['br0-linux-bridge', 'br0-linux-port'],
    };
    const played = await lab.play(
      'setup_host_network',
      '-e',
      JSON.stringify({ host_bridges: [bridge] }),
      ...rollback,
    );
    expect(played.exitCode).not.toBe(0);
    expect(await lab.eventually(isReached, 60)).toBe(true);
    well(await lab.play('setup_host_network'));
    expect(await lab.machine('kvm1').shell('ip -4 -brief address show dev br0')).toContain(
      ' 192.168.1.10/24',
    );
  });
});

describe('after everything was switched off and on again', () => {
  test('bridges, addresses, forwarding, ruleset and virtual IPs are there, and everything works', async () => {
    const lab = get();
    await lab.rebootAll();
    const host = lab.machine('kvm1');
    expect(await host.shell('ip -4 -brief address show dev br0')).toContain('192.168.1.10/24');
    expect(await host.shell('ip -4 -brief address show dev virbr_kube')).toContain('10.17.4.1/24');
    expect(await host.shell('sysctl -n net.ipv4.ip_forward net.ipv4.conf.br0.send_redirects')).toBe('1\n0\n');
    expect(await host.shell('nft list table inet gi_ha_pair')).toContain('cluster_forward');
    const allWorks = async () => (await lab.play('verify_connectivity')).exitCode === 0;
    expect(await lab.eventually(allWorks, 60)).toBe(true);
    expect(well(await lab.play('site'))).toMatchObject({ changed: 0, changes: [] });
  });
});

test('one port more in a flow changes the ruleset and nothing else', async () => {
  const lab = get();
  lab.rebuild((text) => text.replace(/- 80\n/, '- 80\n        - 8080\n'));
  expect(well(await lab.play('site')).changes).toEqual(RULESET);
});
