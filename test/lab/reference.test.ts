import { expect, test } from 'vitest';
import { applyToFreshMachines, example, RULESET, well } from './apply.ts';

/** The reference cluster, all of whose networks are on one bridge; a Linux bridge here. */
const get = applyToFreshMachines(example('cluster.yaml'));

/** What seed 2 wants each master to reach. */
const TARGETS = ['192.168.0.50', '10.17.3.11', '192.168.0.1', '8.8.8.8'];

/** The targets that a master reaches; the last one is the API server through the virtual IP. */
async function reachedFrom(master: string): Promise<string[]> {
  const api = 'curl -sk -o /dev/null -m 5 https://192.168.0.55:6443/readyz && echo 192.168.0.55';
  const pings = TARGETS.map((target) => `(ping -q -c 2 -W 2 ${target} >/dev/null && echo ${target}) &`);
  const output = await get()
    .machine(master)
    .shell(`${pings.join('\n')}\n(${api}) &\nwait`);
  return output.trim().split('\n').filter(Boolean).sort();
}

const MASTERS = ['master1', 'master2', 'master3'];

test.each(MASTERS)('%s reaches all five targets of seed 2', async (master) => {
  expect(await reachedFrom(master)).toEqual([...TARGETS, '192.168.0.55'].sort());
});

test('as seed 2 has it in words, with no router on br0 for the networks behind it, no master reaches any', async () => {
  const host = get().machine('virtualizacion-server');
  for (const router of ['10.17.3.1', '10.17.4.1']) await host.shell(`ip address delete ${router}/24 dev br0`);
  for (const master of MASTERS) expect(await reachedFrom(master)).toEqual([]);
  for (const router of ['10.17.3.1', '10.17.4.1']) await host.shell(`ip address add ${router}/24 dev br0`);
  // HAProxy takes its backends for alive again after two checks.
  const reachesAll = async () => (await reachedFrom('master1')).length === 5;
  expect(await get().eventually(reachesAll)).toBe(true);
});

test('another virtual IP changes the ruleset and the load balancer, and nothing else', async () => {
  const lab = get();
  lab.rebuild((text) => text.replaceAll('192.168.0.55', '192.168.0.56'));
  const { changes } = well(await lab.play('site'));
  expect(changes).toEqual([
    ...RULESET,
    'Configure HAProxy',
    'Configure Keepalived',
    'Have systemd clear up after a Keepalived that was killed',
    'Look whether HAProxy listens on every frontend',
    'Reload HAProxy',
    'Reload Keepalived',
  ]);
  well(await lab.play('verify_connectivity'));
});
