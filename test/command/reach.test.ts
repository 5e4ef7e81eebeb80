import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { genInfra } from '../support/cli.ts';
import { inProject } from '../support/paths.ts';

const smallest = inProject('examples/smallest/cluster.yaml');
const ask = (...args: string[]) => genInfra(['reach', '-m', smallest, ...args]);

describe('reach', () => {
  it('prints the way of a connection, and exits with 0', () => {
    const { exitCode, stdout, stderr } = ask('lb1', 'master1:6443');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^lb1 to 10\.17\.4\.21, tcp 6443: delivered\n {2}lb1 /);
  });

  it('shows the line that stops it, and exits with 1', () => {
    const { exitCode, stdout, stderr } = ask('192.168.0.77', 'master1:6443');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('not delivered\n');
    expect(stderr).toContain(
      `error[unreachable]: the router of "lan" has no route to 10.17.4.21\n  --> ${smallest}:11:`,
    );
    const { diagnostics } = JSON.parse(ask('192.168.0.77', 'master1:6443', '--format', 'json').stdout);
    expect(diagnostics).toMatchObject([{ rule: 'unreachable', path: 'networks.lan.router', line: 11 }]);
  });

  it('warns of rules that it does not understand, and exits with 0', () => {
    const folder = mkdtempSync(join(tmpdir(), 'gen-infra-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const model = join(folder, 'cluster.yaml');
    const rule = '{ chain: forward, before: flows, rule: tcp dport 6443 meta mark 7 drop }';
    writeFileSync(model, `${readFileSync(smallest, 'utf8')}firewall:\n  rules:\n    - ${rule}\n`);
    const asked = ['reach', '-m', model, 'lb1', 'master1:6443'];
    const { exitCode, stdout, stderr } = genInfra(asked);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(': delivered\n');
    expect(stderr).toMatch(/^warning\[rule-not-judged\]: this rule may decide otherwise/);
    const { diagnostics } = JSON.parse(genInfra([...asked, '--format', 'json']).stdout);
    expect(diagnostics).toMatchObject([{ rule: 'rule-not-judged', severity: 'warning' }]);
  });

  it('looks at models that rules refuse, too', () => {
    const model = inProject('examples/seed-2025-04-22/cluster.yaml');
    const { exitCode, stderr } = genInfra(['reach', '-m', model, 'k8s-api-lb', 'master1:6443']);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^error\[unreachable\]: the router of "kube_network_01" has no route to 10\.17\.4\.21\n/,
    );
    expect(stderr).toContain('\n1 error\n');
  });

  it('has each machine of the way in its JSON', () => {
    const { connections } = JSON.parse(ask('lb1', 'master1:6443', '--format', 'json').stdout);
    const there = { saddr: '192.168.0.50', daddr: '10.17.4.21' };
    const back = { saddr: '10.17.4.21', daddr: '192.168.0.50' };
    expect(connections).toEqual([
      {
        ...{ from: ['lb1'], to: [{ name: 'master1', ip: '10.17.4.21' }], protocol: 'tcp', port: 6443 },
        delivered: true,
        there: [
          { machine: 'lb1', ...there, network: 'lan', via: '192.168.0.40' },
          { machine: 'kvm1', ...there, network: 'kube', passedBy: 'api to its backends' },
          { machine: 'master1', ...there },
        ],
        back: [
          { machine: 'master1', ...back, network: 'kube', via: '10.17.4.1' },
          { machine: 'kvm1', ...back, network: 'lan' },
          { machine: 'lb1', ...back },
        ],
      },
    ]);
  });

  it('says in its JSON what stops a connection, and where the model does', () => {
    const { connections } = JSON.parse(ask('192.168.0.77', 'master1:6443', '--format', 'json').stdout);
    expect(connections).toMatchObject([
      {
        delivered: false,
        stop: { message: 'the router of "lan" has no route to 10.17.4.21', path: 'networks.lan.router' },
        there: [{ machine: '192.168.0.77', via: '192.168.0.1' }],
        back: [],
      },
    ]);
  });

  it('says what it does not know, and exits with 2', () => {
    expect(ask('lb1', 'mastr1')).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: 'gen-infra: there is no node, virtual IP or hypervisor "mastr1"; did you mean "master1"?\n',
    });
    expect(ask('lb1').exitCode).toBe(2);
  });
});

describe('reach --all', () => {
  const model = (name: string) => inProject(`examples/${name}/cluster.yaml`);

  it('prints who reaches what with the lines that say so, and exits with 0', () => {
    const { exitCode, stdout, stderr } = ask('--all');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain('\nnodes, kvm1    yes   yes\nothers on lan  yes   no 1\n');
    expect(stdout).toContain('\n1  the router of "lan" has no route there (networks.lan.router, line 11)\n');
  });

  it('shows what has to work and does not, and exits with 1', () => {
    const { exitCode, stdout, stderr } = genInfra(['reach', '--all', '-m', model('seed-2025-04-22')]);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^k8s-api-lb +yes +NO 3$/m);
    expect(stderr).toMatch(/^error\[unreachable\]: .* which has to work: k8s-api-lb to master1:6443\n/);
  });

  it('has the same in JSON, with all that are alike as one', () => {
    const { diagnostics, connections } = JSON.parse(ask('--all', '--format', 'json').stdout);
    expect(diagnostics).toEqual([]);
    const [others] = connections
      .filter(({ from }: { from: string[] }) => from.includes('others on lan'))
      .slice(1);
    expect(others).toEqual({
      ...{ from: ['others on lan'], to: [{ name: 'master1', ip: '10.17.4.21' }] },
      ...{ protocol: 'tcp', port: 6443, delivered: false, needed: false },
      stop: { message: 'the router of "lan" has no route to 10.17.4.21', path: 'networks.lan.router' },
    });
  });

  it('is refused where it is not clear what is asked: exit code 2', () => {
    const refused = (...words: string[]) => {
      const { exitCode, stdout, stderr } = ask(...words);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      return stderr;
    };
    expect(refused('--all', 'lb1')).toBe('gen-infra: say FROM and TO, or --all\n');
    expect(refused('--all', 'lb1', 'master1')).toBe('gen-infra: say FROM and TO, or --all\n');
    expect(refused()).toBe('gen-infra: say FROM and TO, --all, or --failed NAME\n');
    expect(refused('lb1')).toBe('gen-infra: say whom "lb1" asks, too\n');
    expect(refused('--failed', 'lb1', 'lb2')).toBe('gen-infra: say whom "lb2" asks, too\n');
    expect(refused('--failed', 'lb1', 'lb1', 'master1')).toBe('gen-infra: "lb1" is down, and asks nothing\n');
    expect(refused('--failed', 'lb7')).toContain('did you mean "lb1"?');
    expect(refused('--failed')).toContain('argument missing');
  });

  it('reports what is wrong with a model that is no cluster', () => {
    const folder = mkdtempSync(join(tmpdir(), 'gen-infra-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'cluster.yaml');
    for (const text of [
      '{',
      'name: home\n',
      readFileSync(smallest, 'utf8').replace('[lb1, lb2]', '[lb1, lb9]'),
    ]) {
      writeFileSync(file, text);
      const { exitCode, stdout, stderr } = genInfra(['reach', '--all', '-m', file]);
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
      expect(stderr).toMatch(/^error\[/);
    }
  });
});

describe('reach --failed', () => {
  const pair = inProject('examples/ha-pair/cluster.yaml');
  const without = (...args: string[]) => genInfra(['reach', '-m', pair, ...args]);

  it('says who holds the virtual IPs then, and exits with 0 where everything still works', () => {
    const { exitCode, stdout, stderr } = without('--failed', 'lb1');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain('  api      192.168.1.60, moves from lb1 to lb2\n');
    expect(stdout).toContain('Everything that is needed still works.\n');
  });

  it('says what breaks, and exits with 1', () => {
    const { exitCode, stdout } = without('--failed', 'lb1', '--failed', 'lb2');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('  api      192.168.1.60, on nobody (was on lb1)\n');
    expect(stdout).toContain('broken: kubernetes to ingress:80: nobody is left to answer\n');
    expect(without('--failed', 'kvm1').exitCode).toBe(1);
  });

  it('has the same in JSON', () => {
    const { exitCode, stdout } = without('--failed', 'master1', '--failed', 'master2', '--format', 'json');
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      ...{ version: 1, diagnostics: [], failed: ['master1', 'master2'], down: ['master1', 'master2'] },
      cutOff: [],
      vips: [
        { name: 'api', ip: '192.168.1.60', before: 'lb1', after: 'lb1' },
        { name: 'ingress', ip: '192.168.1.61', before: 'lb2', after: 'lb2' },
      ],
      etcd: { members: 3, left: 1, needed: 2 },
      ...{ networks: [], broken: [] },
    });
  });

  it('goes with one connection, which takes the way that is left', () => {
    const { exitCode, stdout } = without('--failed', 'lb1', 'worker1', 'api:6443');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/\n {2}lb2 +10\.17\.4\.31 > 192\.168\.1\.60\n/);
    expect(without('--failed', 'lb1', '--failed', 'lb2', 'worker1', 'api:6443').exitCode).toBe(1);
  });

  it('goes with the table of all', () => {
    const { exitCode, stdout } = without('--failed', 'lb1', '--all');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^lb1 fails\n/);
    expect(stdout).toMatch(/\nkubernetes, lb2, kvm1 +yes +yes\n/);
    const json = JSON.parse(without('--failed', 'lb1', '--all', '--format', 'json').stdout);
    expect(Object.keys(json)).toEqual(expect.arrayContaining(['connections', 'vips', 'etcd', 'broken']));
  });
});
