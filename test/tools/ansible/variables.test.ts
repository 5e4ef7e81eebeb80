import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ownerOf } from '../../../src/resolve/reserved-variables.ts';
import { buildTree } from '../../support/clusters.ts';
import { SMALLEST } from '../../support/compile.ts';
import { requireTools } from '../../support/require-tools.ts';
import { run } from '../../support/run.ts';
import { haPair } from './expected/ha-pair.ts';
import { reference } from './expected/reference.ts';

/** Texts that YAML, Jinja or Ansible could take for something else, and values of every kind. */
const odd = {
  texts: [
    ...[
      "{{ lookup('pipe','id') }}",
      '{% raw %}',
      '{# no comment #}',
      '!unsafe x',
      'yes',
      '0640',
      '1e3',
      '',
      ' ',
      '~',
    ],
    ...[
      'a: b',
      '# no',
      '- x',
      'two\nlines',
      "it's",
      '"quoted"',
      '\\',
      '\u2028',
      '$(id)',
      'ünï',
      '*a',
      '&a',
      '@x',
      '%x',
    ],
  ],
  numbers: [0, -1, 14, 1.5, 1e21 / 1e6, 1e-7, -2.5e-9],
  nested: {
    '1': [[1, [2]], [], {}],
    yes: { no: null, 'a/b.c@d:e-f': true },
    list: [{ a: 1, b: ['x'] }, { c: false }],
  },
};

const VARIABLES = {
  all: { everywhere: 'all', shadowed: 'all' },
  nodes: { shadowed: 'nodes' },
  worker: { odd, shadowed: 'workers' },
  'load-balancer': { role_of_two_words: true },
  vip_members: { backup_hour: 3 },
  kube: { of_the_network: 1.25 },
  lb1: { only_here: odd.texts, shadowed: 'lb1' },
  master1: { no_routes_here: odd.nested },
  kvm1: { rack: null, odd },
};

describe('variables of the model', () => {
  it('come back from Ansible as they are, for the hosts that they are said for, beside those of the tree', async (context) => {
    requireTools(context, ['ansible']);
    const model = join(mkdtempSync(join(tmpdir(), 'variables-')), 'cluster.yaml');
    writeFileSync(model, `${SMALLEST}\nvariables: ${JSON.stringify(VARIABLES)}\n`);
    const tree = buildTree(model);
    const hostVars = join(tree, 'ansible/inventory/host_vars');
    const written = readdirSync(hostVars, { recursive: true }).map(String);
    expect(written.filter((path) => path.endsWith('.yml')).sort()).toEqual([
      ...['kvm1/variables.yml', 'kvm1/vars.yml', 'lb1/variables.yml', 'lb1/vars.yml'],
      ...['lb2/vars.yml', 'master1/variables.yml'],
    ]);
    writeFileSync(join(hostVars, 'lb1/vault.yml'), 'of_a_vault: beside ours\n');
    const seen = await templatedVariables(join(tree, 'ansible'));
    const of = (host: string, names: readonly string[]) =>
      Object.fromEntries(names.map((name) => [name, seen[host]?.[name]]));
    expect(of('worker1', ['everywhere', 'shadowed', 'odd', 'of_the_network'])).toEqual({
      everywhere: 'all',
      shadowed: 'workers',
      odd,
      of_the_network: 1.25,
    });
    const addresses = [{ to: '10.17.4.0/24', via: '192.168.0.40' }];
    const names = ['only_here', 'shadowed', 'role_of_two_words', 'backup_hour', 'node_routes', 'of_a_vault'];
    expect(of('lb1', names)).toEqual({
      of_a_vault: 'beside ours',
      only_here: odd.texts,
      shadowed: 'lb1',
      role_of_two_words: true,
      backup_hour: 3,
      node_routes: addresses,
    });
    expect(of('lb2', ['only_here', 'shadowed', 'keepalived_transport'])).toEqual({
      only_here: undefined,
      shadowed: 'nodes',
      keepalived_transport: 'unicast',
    });
    expect(of('master1', ['no_routes_here', 'odd'])).toEqual({ no_routes_here: odd.nested, odd: undefined });
    expect(of('kvm1', ['rack', 'odd', 'firewall_table'])).toEqual({
      rack: null,
      odd,
      firewall_table: 'gi_home',
    });
  });

  it('cannot have the name of a variable that the tree has itself', () => {
    const ours = [reference, haPair].flatMap(({ hostvars }) => Object.values(hostvars).flatMap(Object.keys));
    expect(ours.filter((name) => ownerOf(name) === undefined)).toEqual([]);
  });
});

/** The variables of each host as a template sees them. */
async function templatedVariables(cwd: string): Promise<Record<string, Record<string, unknown>>> {
  const names = [
    'everywhere',
    'shadowed',
    'odd',
    'of_the_network',
    'only_here',
    'of_a_vault',
    'role_of_two_words',
    'backup_hour',
  ];
  const all = [...names, 'node_routes', 'keepalived_transport', 'no_routes_here', 'rack', 'firewall_table'];
  const task = {
    name: 'Show',
    'ansible.builtin.copy': {
      dest: '{{ output }}/{{ inventory_hostname }}.json',
      content: '{{ dict(known | zip(known | map("extract", vars))) | to_json }}',
      mode: '0600',
    },
    vars: { known: '{{ names | select("in", vars) }}' },
  };
  const output = mkdtempSync(join(tmpdir(), 'seen-'));
  const play = { name: 'Show', hosts: 'all', connection: 'local', gather_facts: false, tasks: [task] };
  writeFileSync(join(output, 'show.yml'), JSON.stringify([play]));
  const extra = JSON.stringify({ output, names: all });
  const { exitCode, stdout, stderr } = await run(
    'ansible-playbook',
    [join(output, 'show.yml'), '-e', extra],
    { cwd },
  );
  if (exitCode !== 0) throw new Error(stdout + stderr);
  const files = readdirSync(output).filter((name) => name.endsWith('.json'));
  return Object.fromEntries(
    files.map((name) => [name.replace('.json', ''), JSON.parse(readFileSync(join(output, name), 'utf8'))]),
  );
}
