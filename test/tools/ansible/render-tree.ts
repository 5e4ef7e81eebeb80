import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inProject } from '../../support/paths.ts';
import { run } from '../../support/run.ts';

/**
 * Renders every template of a tree by real Ansible for each host of a group, into a folder of files named HOST-TEMPLATE.
 * @throws when Ansible fails
 */
export async function renderTree(
  tree: string,
  variables: Readonly<Record<string, unknown>> = {},
  group: 'all' | 'vip_members' | 'hypervisors' = 'all',
): Promise<string> {
  const output = mkdtempSync(join(tmpdir(), 'rendered-'));
  const extra = JSON.stringify({ playbooks: join(tree, 'ansible/playbooks'), output, ...variables });
  const result = await run(
    'ansible-playbook',
    [inProject('test/tools/ansible/render.yml'), '--limit', group, '--extra-vars', extra],
    {
      cwd: join(tree, 'ansible'),
      env: { ANSIBLE_PIPELINING: '1' },
    },
  );
  if (result.exitCode !== 0) throw new Error(`rendering ${tree} failed:\n${result.stdout}${result.stderr}`);
  return output;
}
