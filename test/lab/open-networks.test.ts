import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { applyToFreshMachines, example, well } from './apply.ts';
import type { Lab } from './lab.ts';

/** Networks of libvirt's own behind the hypervisor, and a node that the others look up names at. */
const get = applyToFreshMachines(example('examples/open-networks/cluster.yaml'));
const api = { address: '192.168.0.55', members: ['k8s-api-lb', 'k8s-api-lb2'] };

/** The lines of the last task that name what does not work. */
async function failedConnections(lab: Lab): Promise<string[]> {
  const { exitCode, changed, text } = await lab.play('verify_connectivity');
  expect({ exitCode, changed }).toEqual({ exitCode: 2, changed: 0 });
  const [, last = ''] = text.split('TASK [Fail if anything does not work]');
  const lines = last.replace(/\n +/g, ' ').match(/FAILED [^'"]*/g) ?? [];
  return lines.map((line) => line.slice('FAILED '.length).trim());
}

interface Fault {
  readonly what: string;
  readonly put: (lab: Lab) => Promise<unknown>;
  readonly remove: (lab: Lab) => Promise<unknown>;
  /** All of these are named, */
  readonly names: readonly RegExp[];
  /** and nothing that is none of these. */
  readonly only: RegExp;
}

const onMembers = (line: string) => async (lab: Lab) => {
  for (const name of api.members) await lab.machine(name).shell(line);
};
const onHost = (line: string) => (lab: Lab) => lab.machine('virtualizacion-server').shell(line);

const FAULTS: readonly Fault[] = [
  {
    what: 'HAProxy is stopped everywhere',
    put: onMembers('systemctl stop haproxy'),
    remove: onMembers('systemctl start haproxy'),
    names: [
      /^k8s-api-lb: haproxy runs: it is (stopped|inactive)$/,
      /^k8s-api-lb2: haproxy runs: it is (stopped|inactive)$/,
      /^one member holds api \(192\.168\.0\.55\): held by nobody$/,
      /^master1 -> api \(192\.168\.0\.55:6443\) by readyz: HTTP 000$/,
      /^worker3 -> api \(192\.168\.0\.55:6443\) by readyz: HTTP 000$/,
    ],
    only: /haproxy|HAProxy|readyz|held by nobody|-> web /,
  },
  {
    what: 'the virtual IP is on two hosts',
    put: async (lab) => {
      const [holder] = await lab.holders(api);
      const other = api.members.find((name) => name !== holder) ?? '';
      await lab
        .machine(other)
        .shell(
          'ip address add 192.168.0.55/24 dev eth0 2>/dev/null || ip address add 192.168.0.55/24 dev enp1s0',
        );
    },
    remove: onMembers('systemctl restart keepalived'),
    names: [/^one member holds api \(192\.168\.0\.55\): held by k8s-api-lb and k8s-api-lb2$/],
    only: /^one member holds api/,
  },
  {
    what: 'a master is down',
    put: (lab) => lab.powerOff('master2'),
    remove: (lab) => lab.powerOn('master2'),
    names: [
      /^k8s-api-lb -> master2 \(10\.17\.4\.22:6443\) by tcp/,
      /^k8s-api-lb2 -> master2 \(10\.17\.4\.22:6443\) by tcp/,
    ],
    only: /master2/,
  },
  {
    what: 'the firewall is closed between the load balancers and the masters',
    put: onHost(
      `nft 'add table inet fault; add chain inet fault forward { type filter hook forward priority -10; }; add rule inet fault forward ip daddr 10.17.4.0/24 tcp dport 6443 ct state new drop'`,
    ),
    remove: onHost('nft delete table inet fault'),
    names: [
      /^k8s-api-lb -> master1 \(10\.17\.4\.21:6443\) by tcp/,
      /^k8s-api-lb2 -> master3 \(10\.17\.4\.23:6443\) by tcp/,
    ],
    only: /6443|readyz|held by nobody|haproxy/,
  },
  {
    what: 'a worker asks a router that is none',
    put: (lab) => lab.machine('worker2').shell('ip route replace default via 10.17.4.254'),
    remove: (lab) => lab.machine('worker2').shell('networkctl reconfigure eth0'),
    names: [
      /^worker2 -> api \(192\.168\.0\.55:6443\) by readyz: /,
      /^worker2 -> infra-cluster \(10\.17\.3\.11:53\) by tcp: /,
    ],
    only: /worker2/,
  },
  {
    what: 'the load balancers do not hear one another',
    put: onMembers(
      "apt-get -qq update >/dev/null; apt-get -qq -y install nftables >/dev/null; nft 'add table inet fault; add chain inet fault input { type filter hook input priority 0; }; add rule inet fault input ip protocol 112 drop'",
    ),
    remove: async (lab) => {
      await onMembers('nft delete table inet fault')(lab);
      await onMembers('systemctl restart keepalived')(lab);
    },
    names: [/^one member holds api \(192\.168\.0\.55\): held by k8s-api-lb and k8s-api-lb2$/],
    only: /^one member holds |readyz/,
  },
  {
    what: "a load balancer sends what is for the masters to the LAN's router",
    put: (lab) => lab.machine('k8s-api-lb2').shell('ip route replace 10.17.4.0/24 via 192.168.0.1'),
    remove: (lab) =>
      lab.machine('k8s-api-lb2').shell('ip route replace 10.17.4.0/24 via 192.168.0.40 proto static'),
    names: [
      /^k8s-api-lb2 -> master1 \(10\.17\.4\.21:6443\) by tcp/,
      /^k8s-api-lb2 -> master3 \(10\.17\.4\.23:6443\) by tcp/,
    ],
    only: /k8s-api-lb2|readyz/,
  },
  {
    what: 'the node with DNS is down',
    put: (lab) => lab.powerOff('infra-cluster'),
    remove: (lab) => lab.powerOn('infra-cluster'),
    names: [
      /^worker1 -> infra-cluster \(10\.17\.3\.11:53\) by tcp/,
      /^k8s-api-lb -> infra-cluster \(10\.17\.3\.11:53\) by tcp/,
      /^master1 -> infra-cluster \(10\.17\.3\.11\) by ping/,
    ],
    only: /infra-cluster/,
  },
];

describe('verify_connectivity.yml names what does not work', () => {
  afterEach(() => pause(6000)); // checks of HAProxy and Keepalived see that all is well again

  test.each(FAULTS)('when $what', async ({ put, remove, names, only }) => {
    const lab = get();
    await put(lab);
    await pause(5000);
    const failed = await failedConnections(lab);
    await remove(lab);
    for (const name of names) expect(failed).toContainEqual(expect.stringMatching(name));
    expect(failed.filter((line) => !only.test(line))).toEqual([]);
  });

  test('and nothing once all is mended', async () => {
    const { text } = well(await get().play('verify_connectivity'));
    expect(text).toMatch(/All \d+ work/);
  });
});

test("another address of a worker changes its reservation, and nothing else of libvirt's", async () => {
  const lab = get();
  lab.rebuild((text) => text.replace('10.17.4.26', '10.17.4.36'));
  const { changes } = well(await lab.play('site', '--limit', 'hypervisors'));
  expect(changes).toContain('Change the reservations that differ');
  expect(
    await lab
      .machine('virtualizacion-server')
      .shell('virsh -q -c qemu:///system net-dumpxml kube_network_03'),
  ).toContain("ip='10.17.4.36'");
});
