import { cpSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { renderCluster } from '../../../src/pipeline.ts';
import { compileText } from '../../support/compile.ts';
import { runInNamespace } from '../../support/namespace.ts';
import { inProject } from '../../support/paths.ts';
import { run } from '../../support/run.ts';
import type { Terraform } from '../../support/terraform.ts';

/** Writes the files of a model's text into a fresh folder. */
export async function writeTree(text: string): Promise<string> {
  const tree = mkdtempSync(join(tmpdir(), 'hostile-'));
  for (const { path, content } of await renderCluster(compileText(text), 'cluster.yaml')) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), content);
  }
  return tree;
}

async function jsonOf(command: string, args: readonly string[], cwd: string, env = {}): Promise<unknown> {
  const { exitCode, stdout, stderr } = await run(command, args, { cwd, env });
  if (exitCode !== 0) throw new Error(`${command} failed:\n${stdout}${stderr}`);
  return JSON.parse(stdout);
}

/** All YAML and XML of a tree, by Python's parsers. */
export function readByPython(tree: string): Promise<unknown> {
  return jsonOf('/usr/bin/python3', [inProject('test/tools/hostile/read-tree.py'), tree], tree);
}

/** The inventory as Ansible reads it, and all variables of each host as Ansible has run them as templates. */
export async function readByAnsible(tree: string): Promise<unknown> {
  const folder = join(tree, 'ansible');
  const inventory = await jsonOf('ansible-inventory', ['--list'], folder);
  const env = { ANSIBLE_STDOUT_CALLBACK: 'json' };
  const shown = await jsonOf(
    'ansible',
    ['all', '-m', 'debug', '-a', 'var=vars', '-e', 'vault_keepalived_auth_pass=secret'],
    folder,
    { ...env, ANSIBLE_LOAD_CALLBACK_PLUGINS: '1' },
  );
  const [play] = (
    shown as { plays: { tasks: { hosts: Record<string, { vars?: Record<string, unknown> }> }[] }[] }
  ).plays;
  const hosts = Object.entries(play?.tasks[0]?.hosts ?? {}).map(([name, { vars = {} }]) => [
    name,
    ownOf(vars),
  ]);
  return { inventory, hosts: Object.fromEntries(hosts) };
}

/** What stands in the inventory, without what Ansible adds of itself and of where it runs. */
function ownOf(vars: Record<string, unknown>) {
  const foreign =
    /^(ansible_(?!host$|user$)|inventory_(dir|file)$|playbook_dir$|hostvars$|environment$|omit$|groups$)/;
  const own = Object.entries(vars).filter(([name]) => !foreign.test(name) && name !== 'firewall_source');
  return Object.fromEntries(own);
}

/** What Terraform plans to make, folder by folder. */
export async function readByTerraform(terraform: Terraform, tree: string): Promise<unknown> {
  const plans: Record<string, unknown> = {};
  for (const folder of readdirSync(join(tree, 'terraform'))) {
    const copy = terraform.newFolder(join(tree, 'terraform', folder));
    if (prepared === undefined) {
      await terraform.run(copy, 'init');
      prepared = copy;
    } else {
      for (const part of ['.terraform', '.terraform.lock.hcl'])
        cpSync(join(prepared, part), join(copy, part), { recursive: true });
    }
    const { planned_values: planned, configuration } = await terraform.plan(copy);
    plans[folder] = { planned, provider: configuration.provider_config };
  }
  return plans;
}

/** A folder in which `terraform init` was run: all folders of one provider need the same. */
let prepared: string | undefined;

/** The rules of each hypervisor as its kernel has them. */
export async function readByNft(tree: string): Promise<Record<string, unknown>> {
  const rulesets: Record<string, unknown> = {};
  for (const file of readdirSync(join(tree, 'nftables'))) {
    const script = 'nft -f "$FILE" && nft -j list ruleset';
    const options = { env: { FILE: join(tree, 'nftables', file) } };
    const { exitCode, stdout, stderr } = await runInNamespace(script, options);
    if (exitCode !== 0) throw new Error(`nft failed: ${stderr}`);
    rulesets[file] = withoutHandles(JSON.parse(stdout));
  }
  return rulesets;
}

function withoutHandles(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(withoutHandles);
  if (data === null || typeof data !== 'object') return data;
  const kept = Object.entries(data).filter(([key]) => !['handle', 'metainfo'].includes(key));
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutHandles(value)]));
}
