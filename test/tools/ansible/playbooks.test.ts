import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildTree, clusters } from '../../support/clusters.ts';
import { inProject } from '../../support/paths.ts';
import { requireTools } from '../../support/require-tools.ts';
import { run } from '../../support/run.ts';

const [reference, smallest] = clusters;

/** The plays of a playbook as Ansible reads it: the hosts and the name of each. */
async function playsOf(tree: string, playbook: string): Promise<string[]> {
  const { stdout } = await run('ansible-playbook', ['--list-tasks', `playbooks/${playbook}`], {
    cwd: join(tree, 'ansible'),
  });
  return [...stdout.matchAll(/^ {2}play #\d+ \((.*)\): (.*?)\s+TAGS:/gm)].map(
    ([, hosts, name]) => `${hosts}: ${name}`,
  );
}

describe('site.yml', () => {
  const loadBalancers = [
    'vip_members: Find out who holds the virtual IPs',
    'vip_backups:vip_holders: Install HAProxy and Keepalived',
  ];

  it('sets up the network of the hypervisor before the load balancers behind it', async (context) => {
    requireTools(context, ['ansible-playbook']);
    expect(await playsOf(reference.tree, 'site.yml')).toEqual([
      "hypervisors: Set up the hypervisor's network",
      ...loadBalancers,
    ]);
  });

  it('brings reservations up to date between them, where libvirt serves DHCP', async (context) => {
    requireTools(context, ['ansible-playbook']);
    expect(await playsOf(buildTree(inProject('test/models/reservations.yaml')), 'site.yml')).toEqual([
      "hypervisors: Set up the hypervisor's network",
      'hypervisors: Bring DHCP reservations up to date',
      ...loadBalancers,
    ]);
  });
});

describe('requirements.yml', () => {
  it('is satisfied by the collections of EL9, whose ansible.posix is 1.5.4', async (context) => {
    requireTools(context, ['ansible-galaxy']);
    const cwd = join(smallest.tree, 'ansible');
    const collections = mkdtempSync(join(tmpdir(), 'collections-'));
    const posix = join(collections, 'ansible_collections/ansible/posix');
    await run('mkdir', ['-p', posix]);
    const info = { namespace: 'ansible', name: 'posix', version: '1.5.4', dependencies: {} };
    const manifest = { format: 1, collection_info: info, file_manifest_file: {} };
    await run('sh', ['-c', 'printf %s "$0" >MANIFEST.json', JSON.stringify(manifest)], { cwd: posix });
    const args = ['collection', 'install', '--offline', '-r', 'requirements.yml', '-p', collections];
    const { exitCode, stdout } = await run('ansible-galaxy', args, { cwd });
    expect({ exitCode, stdout: stdout.split('\n')[1] }).toEqual({
      exitCode: 0,
      stdout: expect.stringMatching(/Nothing to do/),
    });
  });

  it('names each collection that the playbooks use', () => {
    const folder = join(smallest.tree, 'ansible/playbooks');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.yml'),
    );
    const texts = files.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
    const used = [...texts.matchAll(/^[ -]+([a-z]+\.[a-z]+)\.[a-z_]+:/gm)].map(([, name]) => name);
    const requirements = readFileSync(join(smallest.tree, 'ansible/requirements.yml'), 'utf8');
    const named = [...requirements.matchAll(/name: (\S+)$/gm)].map(([, name]) => name);
    expect([...new Set(used)].sort()).toEqual(['ansible.builtin', ...named].sort());
  });
});
