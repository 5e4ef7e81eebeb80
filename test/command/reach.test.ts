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

  it('says what it does not know, and exits with 2', () => {
    expect(ask('lb1', 'mastr1')).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: 'gen-infra: there is no node, virtual IP or hypervisor "mastr1"; did you mean "master1"?\n',
    });
    expect(ask('lb1').exitCode).toBe(2);
  });
});
