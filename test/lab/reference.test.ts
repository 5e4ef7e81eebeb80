import { expect, test } from 'vitest';
import { applyToFreshMachines, example, RULESET, well } from './apply.ts';
import { compareWithReach, predict } from './predictions.ts';

/** The reference cluster, all of whose networks are on one bridge; a Linux bridge here. */
const get = applyToFreshMachines(example('cluster.yaml'));

const MASTERS = ['master1', 'master2', 'master3'];

/** What seed 2 wants each master to reach; the last one is the API server through the virtual IP. */
const TARGETS = ['192.168.0.50', '10.17.3.11', '192.168.0.1', '8.8.8.8', '192.168.0.55:6443'];

/** The targets that a master reaches. */
async function reachedFrom(master: string): Promise<string[]> {
  const tries = TARGETS.map((target) =>
    target.includes(':')
      ? `curl -sk -o /dev/null -m 5 https://${target}/readyz`
      : `ping -q -c 2 -W 2 ${target} >/dev/null`,
  );
  const lines = tries.map((line, index) => `(${line} && echo ${TARGETS[index]}) &`);
  const output = await get()
    .machine(master)
    .shell(`${lines.join('\n')}\nwait`);
  const reached = output.trim().split('\n');
  return TARGETS.filter((target) => reached.includes(target));
}

function predictedFrom(master: string, failed: readonly string[] = []): string[] {
  return TARGETS.filter((target) => predict(get(), master, target, failed) === undefined);
}

test.each(MASTERS)('%s reaches all five targets of seed 2, as reach says', async (master) => {
  expect(predictedFrom(master)).toEqual(TARGETS);
  expect(await reachedFrom(master)).toEqual(TARGETS);
});

test('as seed 2 has it in words, with no router on br0 for the networks behind it, no master reaches any, as reach says', async () => {
  const host = get().machine('virtualizacion-server');
  const routers = ['10.17.3.1', '10.17.4.1'];
  for (const router of routers) await host.shell(`ip address delete ${router}/24 dev br0`);
  for (const master of MASTERS) {
    expect(predict(get(), master, '8.8.8.8', routers)).toBe(
      'nobody on "kube_network_03" has 10.17.4.1, the next hop',
    );
    expect(predictedFrom(master, routers)).toEqual([]);
    expect(await reachedFrom(master)).toEqual([]);
  }
  const { wrong } = await compareWithReach(get(), routers);
  for (const router of routers) await host.shell(`ip address add ${router}/24 dev br0`);
  expect(wrong).toEqual([]);
  // HAProxy takes its backends for alive again after two checks.
  const reachesAll = async () => (await reachedFrom('master1')).length === TARGETS.length;
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
