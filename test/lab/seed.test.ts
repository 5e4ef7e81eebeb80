import { describe, expect, test } from 'vitest';
import { bootMachines, example, well } from './apply.ts';
import { compareWithReach } from './predictions.ts';

/** What is refused of the first document's state is let through here, to see what comes of it. */
const WAIVERS = `
waivers:
  - { rule: network-closed, at: networks.kube_network_03.mode, reason: what comes of it is to be seen }
`;

describe('the state of 22 April 2025, whose errors are waived', () => {
  const read = example('examples/seed-2025-04-22/cluster.yaml');
  const get = bootMachines(() => read().replace(', interface: br0', '') + WAIVERS);

  test('a load balancer is refused whose card is to be called br0', async () => {
    const { exitCode, text } = await get().play('install_haproxy_keepalived', '-e', 'node_interface=br0');
    expect(exitCode).not.toBe(0);
    expect(text).toContain("192.168.0.50 is on 'enp1s0', not on br0");
  });

  test('without that, everything is installed', async () => {
    well(await get().play('site'));
    await get().startNetworksAndGuests();
  });

  test('it fails exactly where reach says', async () => {
    const { tried, blocked, wrong } = await compareWithReach(get());
    console.log(`${tried} connections, ${blocked} of them blocked`);
    expect(wrong).toEqual([]);
    expect(blocked).toBeGreaterThan(tried / 3);
  });

  test('and its load balancer has no master', async () => {
    const { exitCode, text } = await get().play('verify_connectivity');
    expect(exitCode).toBe(2);
    for (const master of ['master1', 'master2', 'master3'])
      expect(text).toMatch(new RegExp(`FAILED k8s-api-lb -> ${master} `));
    expect(
      await get()
        .machine('k8s-api-lb')
        .shell("curl -sk -m 5 -w '%{http_code}' https://192.168.0.55:6443/readyz || true"),
    ).toBe('000');
  });
});
