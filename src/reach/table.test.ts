import { describe, expect, it } from 'vitest';
import { compileText, SMALLEST, TWO_HOSTS } from '../../test/support/compile.ts';
import { largeModel } from '../../test/support/large-model.ts';
import { inProject } from '../../test/support/paths.ts';
import { compileModel } from '../pipeline.ts';
import type { Cluster } from '../resolve/cluster.ts';
import { describeTable } from './describe-table.ts';
import { missingFindings } from './findings.ts';
import { holdersOf } from './machines.ts';
import { matrixOf, neededCells } from './matrix.ts';
import { reach, stopOf } from './reach.ts';
import { reachTable } from './table.ts';
import { worldOf } from './world.ts';

function clusterOf(model: string): Cluster {
  const { cluster } = compileModel(inProject(model));
  if (cluster === undefined) throw new Error(`no cluster: ${model}`);
  return cluster;
}

const textOf = (cluster: Cluster) => describeTable(reachTable(cluster, matrixOf(worldOf(cluster))));
const missing = (cluster: Cluster) => missingFindings(neededCells(worldOf(cluster)));

describe('who reaches what', () => {
  it('is one row for all that reach the same, in the words of the model', () => {
    expect(textOf(compileText(SMALLEST)).split('\n').slice(2)).toEqual([
      '               A     B',
      'nodes, kvm1    yes   yes',
      'others on lan  yes   no 1',
      '',
      'A  api:6443',
      'B  master1:6443',
      '',
      '1  the router of "lan" has no route there (networks.lan.router)',
      '',
    ]);
  });

  it('of the reference cluster fits a terminal', () => {
    const lines = textOf(clusterOf('cluster.yaml')).split('\n');
    expect(lines.length).toBeLessThan(15);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(120);
  });

  it('says apart what has to work and does not', () => {
    const seed = clusterOf('examples/seed-2025-04-22/cluster.yaml');
    // A load balancer on the LAN has no way to masters in a nat network; nobody needs that of the others there.
    const [row] = textOf(seed)
      .split('\n')
      .filter((line) => line.startsWith('k8s-api-lb'));
    expect(row).toMatch(/^k8s-api-lb +yes +NO 3$/);
    expect(textOf(seed)).toMatch(/^others on kube_network_01 +yes +no 3$/m);
  });

  it('counts a node with a rule of its own apart from others of its role', () => {
    const rule = 'ip saddr 10.17.4.25 tcp dport 6443 drop';
    const cluster = compileText(
      `${SMALLEST.replace('  worker1:', '  worker2: { role: worker, network: kube, ip: 10.17.4.25 }\n  worker1:')}firewall: { rules: [{ chain: forward, before: flows, rule: ${rule} }] }\n`,
    );
    const rows = textOf(cluster)
      .split('\n')
      .filter((line) => / (yes|no|NO)\b/i.test(line.slice(20)));
    expect(textOf(cluster)).toMatch(/^worker2 +NO \d +yes$/m);
    expect(textOf(cluster)).toMatch(/^load-balancer, master1, worker1, kvm1 +yes +yes$/m);
    expect(rows.length).toBeGreaterThan(0);
    expect(missing(cluster)).toMatchObject([
      {
        rule: 'unreachable',
        severity: 'error',
        message: 'a rule of your own refuses it on kvm1, which has to work: worker2 to api:6443',
        at: ['firewall', 'rules', 0, 'rule'],
        related: [{ at: ['vips', 'api', 'ip'], message: 'needed here: Kubernetes API at its VIP' }],
      },
    ]);
  });

  it('asks between two hypervisors, too', () => {
    const text = textOf(compileText(TWO_HOSTS));
    // The members of the virtual IP are let through to the masters, other machines of the LAN are not.
    expect(text).toMatch(/^others on lan +yes +no/m);
    expect(text).toContain('A  api:6443\n');
  });
});

describe('what has to work', () => {
  it.each([
    'cluster.yaml',
    ...['smallest', 'ha-pair', 'open-networks', 'two-hypervisors'].map(
      (name) => `examples/${name}/cluster.yaml`,
    ),
    'test/models/vlans.yaml',
  ])('works in %s', (model) => {
    expect(missing(clusterOf(model))).toEqual([]);
  });

  it('is more than the table asks: the ports of Kubernetes and SSH, too', () => {
    const closed = (rule: string) =>
      missing(
        compileText(
          `${SMALLEST.replace('master1: { role: master, network: kube, ip: 10.17.4.21 }', 'master1: { role: master, network: lan, ip: 192.168.0.21 }')}firewall: { rules: [{ chain: forward, before: flows, rule: ${rule} }] }\n`,
        ),
      ).map(({ message }) => message);
    const refused = 'a rule of your own refuses it on kvm1, which has to work: ';
    expect(closed('tcp dport 10250 drop')).toEqual([
      `${refused}master1 to worker1:10250, worker1 to master1:10250`,
    ]);
    expect(closed('udp dport 8472 drop')).toEqual([
      `${refused}master1 to worker1:8472/udp, worker1 to master1:8472/udp`,
    ]);
    expect(closed('tcp dport 9999 drop')).toEqual([]);
  });

  it('counts a database that the model has by its address alone as there', () => {
    const model = `${SMALLEST.replace('kubernetes: k3s', 'kubernetes: { distribution: k3s, datastore: { engine: postgres, at: 192.168.0.20, password: vault_db } }')}`;
    expect(missing(compileText(model))).toEqual([]);
  });

  it('is told with a warning where a rule that nobody understands may stop it', () => {
    const rule = 'tcp dport 6443 meta mark 7 drop';
    const cluster = compileText(
      `${SMALLEST}firewall: { rules: [{ chain: forward, before: flows, rule: ${rule} }] }\n`,
    );
    expect(missing(cluster)).toMatchObject([{ rule: 'rule-not-judged', severity: 'warning' }]);
  });
});

describe('machines that are alike', () => {
  it('get the same answers one by one, on a thousand nodes', () => {
    const cluster = compileText(largeModel());
    const { rows, columns } = matrixOf(worldOf(cluster));
    expect(rows.length * columns.length).toBeLessThan(1000);
    let compared = 0;
    for (const { askers, cells } of rows) {
      const last = askers.at(-1);
      for (const [index, { answer, protocol, port }] of cells.entries()) {
        const target = columns[index]?.at(-1)?.target;
        // One in each seven, of which both ends are others than those that were tried.
        if (last === undefined || target === undefined || (index + rows.length) % 7 !== 0) continue;
        const other = reach(cluster, { from: last, to: target.ip, protocol, port });
        const [holder] = holdersOf(worldOf(cluster).machines, target.ip);
        if (holder === last) continue;
        expect(stopOf(other)?.at).toEqual(stopOf(answer)?.at);
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(50);
  });
});
