import { cpSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildTree, clusters } from '../../support/clusters.ts';
import { inProject } from '../../support/paths.ts';
import { requireTools } from '../../support/require-tools.ts';
import { run } from '../../support/run.ts';

/** A copy outside the project, so that no configuration of the project's own is in force. */
function copyOf(tree: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'gen-infra-lint-'));
  cpSync(tree, copy, { recursive: true });
  return join(copy, 'ansible');
}

const trees = [
  ...clusters,
  { name: 'reservations', tree: undefined, model: inProject('test/models/reservations.yaml') },
];

describe.each(trees)('the playbooks of $name', ({ tree, model }) => {
  const ansible = () => copyOf(tree ?? buildTree(model));

  it('are accepted by ansible-playbook --syntax-check', async (context) => {
    requireTools(context, ['ansible-playbook']);
    const cwd = ansible();
    const playbooks = await run('sh', ['-c', 'ls playbooks/*.yml'], { cwd });
    const names = playbooks.stdout.trim().split('\n');
    expect(names.length).toBeGreaterThanOrEqual(5);
    const { exitCode, stderr } = await run('ansible-playbook', ['--syntax-check', ...names], { cwd });
    expect({
      exitCode,
      stderr: stderr
        .replace(/\[WARNING\]: Could not match supplied host pattern, ignoring: vip_\w+/g, '')
        .trim(),
    }).toEqual({ exitCode: 0, stderr: '' });
  });

  it('have nothing that ansible-lint minds in its production profile', async (context) => {
    requireTools(context, ['ansible-lint']);
    const { exitCode, stdout, stderr } = await run('ansible-lint', ['--nocolor', '--offline'], {
      cwd: ansible(),
    });
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
    expect(stderr).toMatch(/Passed with production profile: 0 failure\(s\), 0 warning\(s\)/);
  });

  it('have nothing that yamllint minds', async (context) => {
    requireTools(context, ['yamllint']);
    const { exitCode, stdout } = await run('yamllint', ['--strict', '.'], { cwd: ansible() });
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
  });
});

// ansible-lint names the strictest profile that is kept, whatever profile it was told to check.
describe('ansible-lint as configured in the tree of smallest', () => {
  it('minds what the production profile does not allow: a module without its collection', async (context) => {
    requireTools(context, ['ansible-lint']);
    const cwd = copyOf(clusters[1].tree);
    const play =
      '---\n- name: Read\n  hosts: all\n  tasks:\n    - name: Read the services\n      service_facts:\n';
    writeFileSync(join(cwd, 'playbooks/short.yml'), play);
    const args = ['--nocolor', '--offline', 'playbooks/short.yml'];
    const { exitCode, stdout } = await run('ansible-lint', args, { cwd });
    expect({ exitCode, stdout }).toEqual({
      exitCode: 2,
      stdout: expect.stringContaining('fqcn[action-core]'),
    });
  });
});
