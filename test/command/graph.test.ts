import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { genInfra } from '../support/cli.ts';
import { buildTree, clusters } from '../support/clusters.ts';

const model = clusters[1].model;
const folder = mkdtempSync(join(tmpdir(), 'gen-infra-graph-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('gen-infra graph', () => {
  it('prints the picture of the output tree', () => {
    const tree = buildTree(model);
    expect(genInfra(['graph', '-m', model])).toEqual({
      exitCode: 0,
      stdout: readFileSync(join(tree, 'topology.svg'), 'utf8'),
      stderr: '',
    });
    rmSync(tree, { recursive: true });
  });

  it.each([
    ['mermaid', 'flowchart TB\n'],
    ['dot', 'graph "home" {\n'],
  ])('prints source for others with --as %s', (form, beginning) => {
    const { exitCode, stdout, stderr } = genInfra(['graph', '-m', model, '--as', form]);
    expect({ exitCode, stderr, beginning: stdout.slice(0, beginning.length) }).toEqual({
      exitCode: 0,
      stderr: '',
      beginning,
    });
    expect(stdout).toContain('master1');
  });

  it('draws nothing of a model that is wrong, and says where', () => {
    const file = join(folder, 'cluster.yaml');
    writeFileSync(file, readFileSync(model, 'utf8').replace('members: [lb1, lb2]', 'members: [lb1, lb9]'));
    const { exitCode, stdout, stderr } = genInfra(['graph', '-m', file]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain('"lb9"');
  });

  it('shows the way of a connection with --reach, in each form', () => {
    const { exitCode, stdout, stderr } = genInfra(['graph', '-m', model, '--reach', 'lb1', 'master1:6443']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain('from lb1 to 10.17.4.21, tcp 6443: delivered');
    expect(stdout).toContain('<rect class="card way"');
    for (const form of ['mermaid', 'dot']) {
      const other = genInfra(['graph', '-m', model, '--as', form, '--reach', '192.168.0.77', 'master1:6443']);
      expect(other.exitCode).toBe(0);
      expect(other.stdout).toContain('not delivered');
    }
  });

  it('shows no way that nobody can ask for: exit code 2', () => {
    const refused = (...ends: string[]) => {
      const { exitCode, stdout, stderr } = genInfra(['graph', '-m', model, '--reach', ...ends]);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      return stderr;
    };
    expect(refused('lb1')).toBe('gen-infra: say two ends: --reach FROM TO\n');
    expect(refused('lb1', 'master1', 'worker1')).toBe('gen-infra: say two ends: --reach FROM TO\n');
    expect(refused('lb1', 'mastr1')).toContain('did you mean "master1"?');
    expect(refused()).toContain('argument missing');
  });

  it('knows no other form', () => {
    const { exitCode, stdout } = genInfra(['graph', '-m', model, '--as', 'png']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  });
});
