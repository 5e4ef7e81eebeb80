import { spawnSync } from 'node:child_process';
import {
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { compileModel, renderCluster } from '../../src/pipeline.ts';
import { genInfra, genInfraInProcess } from '../support/cli.ts';
import { clusters } from '../support/clusters.ts';
import { inProject } from '../support/paths.ts';
import { requireTools } from '../support/require-tools.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gen-infra-build-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Tree = ReadonlyMap<string, string>;

/** The output of a model, as it is or changed. Changes that change nothing are mistakes of the test. */
async function treeOf(model: string, change: (text: string) => string = (text) => text): Promise<Tree> {
  const file = join(mkdtempSync(join(folder, 'model-')), 'cluster.yaml');
  writeFileSync(file, change(readFileSync(model, 'utf8')));
  const { cluster, diagnostics } = compileModel(file);
  if (cluster === undefined) throw new Error(JSON.stringify(diagnostics));
  return new Map((await renderCluster(cluster, file)).map(({ path, content }) => [path, content]));
}

const replace = (from: string, to: string) => (text: string) => {
  expect(text.split(from)).toHaveLength(2);
  return text.replace(from, to);
};

/** The paths at which two trees differ. */
function changedPaths(before: Tree, after: Tree): string[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((path) => before.get(path) !== after.get(path))
    .sort();
}

/** The lines that stand in only one of two texts. */
function changedLines(before = '', after = ''): string[] {
  const [old, fresh] = [before.split('\n'), after.split('\n')];
  return [
    ...old.filter((line) => !fresh.includes(line)).map((line) => `-${line}`),
    ...fresh.filter((line) => !old.includes(line)).map((line) => `+${line}`),
  ];
}

const below = (folderName: string) => (path: string) => path.startsWith(`${folderName}/`);

describe.each([
  { name: 'reference', vrid: [] },
  // Where the model says no VRID, it follows from the address.
  { name: 'smallest', vrid: ['-    vrid: 55', '+    vrid: 56'] },
])('moving the virtual IP of the $name cluster', ({ name, vrid }) => {
  const model = clusters.find((cluster) => cluster.name === name)?.model ?? '';
  let before: Tree;
  let after: Tree;
  beforeAll(async () => {
    before = await treeOf(model);
    after = await treeOf(model, replace('192.168.0.55', '192.168.0.56'));
  });

  it('changes one line of the inventory', () => {
    const changed = changedPaths(before, after).filter(below('ansible'));
    const lines = changed.flatMap((path) => changedLines(before.get(path), after.get(path)));
    expect(lines).toEqual([...vrid, '-api_vip=192.168.0.55', '+api_vip=192.168.0.56']);
    expect(changed.filter((path) => !path.startsWith('ansible/inventory/'))).toEqual([]);
  });

  it('changes the firewall, what Kubernetes knows and the documents, and nothing else', () => {
    const elsewhere = changedPaths(before, after).filter((path) => !below('ansible')(path));
    const mayChange = /^(nftables\/[^/]+\.conf|kubernetes\/.*|README\.md|topology\.svg)$/;
    expect(elsewhere.filter((path) => !mayChange.test(path))).toEqual([]);
    expect(elsewhere).toEqual(expect.arrayContaining(['README.md', 'kubernetes/k3s/server.yaml']));
  });

  it('leaves no file with the old address', () => {
    const stale = [...after].filter(([, content]) => /192\.168\.0\.55\b/.test(content));
    expect(stale.map(([path]) => path)).toEqual([]);
  });
});

describe('a fourth worker', () => {
  it('of the reference cluster changes no playbook, and no Terraform at all', async () => {
    const model = inProject('cluster.yaml');
    const worker4 = '  worker4: { role: worker, os: flatcar, network: kube_network_03, ip: 10.17.4.28 }\n';
    const after = await treeOf(model, replace('  storage1:', `${worker4}  storage1:`));
    const changed = changedPaths(await treeOf(model), after);
    expect(changed).toContain('guests/worker4/10-static.network');
    expect(changed.filter(below('ansible/playbooks'))).toEqual([]);
    expect(changed.filter(below('terraform'))).toEqual([]);
    expect(changed.filter(below('guests'))).toEqual(['guests/worker4/10-static.network']);
  });

  it('with a reservation changes the Terraform of its own network alone, and no playbook', async () => {
    const model = inProject('test/models/reservations.yaml');
    const worker3 = '  worker3: { role: worker, network: kube, ip: 10.17.4.26, mac: 52:54:00:00:04:26 }\n';
    const after = await treeOf(model, replace('\nvips:', `${worker3}\nvips:`));
    const changed = changedPaths(await treeOf(model), after);
    expect(changed.filter(below('ansible/playbooks'))).toEqual([]);
    expect(changed.filter(below('terraform'))).toEqual(['terraform/kube/main.tf']);
  });

  it('moves nothing of the other nodes', async () => {
    const model = inProject('examples/smallest/cluster.yaml');
    const worker0 = '  a-worker: { role: worker, network: kube, ip: 10.17.4.22 }\n';
    const before = await treeOf(model);
    const after = await treeOf(model, replace('  lb1:', `${worker0}  lb1:`));
    const perNode = changedPaths(before, after).filter((path) => /\/(host_vars|guests)\//.test(`/${path}`));
    expect(perNode.filter((path) => before.has(path))).toEqual([]);
    expect(changedPaths(before, after)).not.toContain('ansible/inventory/group_vars/vip_members/vars.yml');
  });
});

describe('build', () => {
  it('writes generated/ beside the model unless told otherwise', () => {
    const project = mkdtempSync(join(folder, 'project-'));
    cpSync(inProject('examples/smallest/cluster.yaml'), join(project, 'cluster.yaml'));
    const { exitCode, stdout, stderr } = genInfra(['build'], { cwd: project });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^ {2}\+ README\.md\n( {2}\+ \S+\n)+generated: \d+ created\n$/);
    expect(readdirSync(project).sort()).toEqual(['cluster.yaml', 'generated']);
    expect(genInfra(['build'], { cwd: project }).stdout).toMatch(/^generated: \d+ unchanged\n$/);
  });

  it('writes nothing for a model with mistakes', async () => {
    const project = mkdtempSync(join(folder, 'project-'));
    const model = join(project, 'cluster.yaml');
    const text = readFileSync(inProject('examples/smallest/cluster.yaml'), 'utf8');
    writeFileSync(model, text.replace('members: [lb1, lb2]', 'members: [lb1, nobody]'));
    const { exitCode, stderr } = await genInfraInProcess(['build', '-m', model]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('nobody');
    expect(readdirSync(project)).toEqual(['cluster.yaml']);
  });

  it('warns at its line of a network that Terraform cannot change in place, as --check does before', async () => {
    const project = mkdtempSync(join(folder, 'project-'));
    const model = join(project, 'cluster.yaml');
    const text = readFileSync(inProject('examples/smallest/cluster.yaml'), 'utf8');
    writeFileSync(model, text);
    expect((await genInfraInProcess(['build', '-m', model])).stderr).toBe('');
    writeFileSync(model, text.replace('mode: open', 'mode: route'));
    const line = text.split('\n').findIndex((one) => one.startsWith('  kube:')) + 1;
    const said = `warning[network-made-anew]: "kube" in terraform/kube/main.tf changes from mode = "open" to mode = "route": Terraform does not bring that to a network that exists\n  --> ${model}:${line}:3\n`;
    expect((await genInfraInProcess(['build', '--check', '-m', model])).stderr).toContain(said);
    const { exitCode, stderr } = await genInfraInProcess(['build', '-m', model]);
    expect(exitCode).toBe(0);
    expect(stderr).toContain(said);
    expect((await genInfraInProcess(['build', '-m', model])).stderr).toBe('');
  });

  it('takes a model of any name, and says which it was where the name can stand in a comment', async () => {
    const project = mkdtempSync(join(folder, 'project-'));
    const headerOf = async (name: string) => {
      const model = join(project, name);
      cpSync(inProject('examples/smallest/cluster.yaml'), model);
      const tree = mkdtempSync(join(project, 'tree-'));
      expect(await genInfraInProcess(['build', '-m', model, '-o', tree, '-q'])).toEqual({
        exitCode: 0,
        stdout: '',
        stderr: '',
      });
      return readFileSync(join(tree, 'ansible/ansible.cfg'), 'utf8').split('\n')[0];
    };
    expect(await headerOf('küche 2.yaml')).toContain('küche 2.yaml');
    for (const name of ['a\nb.yaml', '{{ x }}.yaml', 'a--!>.yaml', '\u202e.yaml', 'a\\.yaml', '-.yaml']) {
      expect(await headerOf(name)).toMatch(/^# Generated by gen-infra from the model: /);
    }
  });
});

describe('build --check', () => {
  let tree: string;
  const model = inProject('examples/smallest/cluster.yaml');
  const check = () => genInfraInProcess(['build', '--check', '-m', model, '-o', tree]);
  let pristine: string;
  beforeAll(async () => {
    pristine = join(folder, 'pristine');
    await genInfraInProcess(['build', '-m', model, '-o', pristine]);
  });
  beforeEach(() => {
    tree = mkdtempSync(join(folder, 'checked-'));
    cpSync(pristine, tree, { recursive: true });
  });

  /** What changes with every write, for the tree and all in it. */
  const stampsOf = () =>
    ['.', ...readdirSync(tree, { recursive: true, encoding: 'utf8' })].map((path) => {
      const { ino, mtimeNs, ctimeNs } = lstatSync(join(tree, path), { bigint: true });
      return `${path} ${ino} ${mtimeNs} ${ctimeNs}`;
    });

  it('is silent where everything is as the model says', async () => {
    const before = stampsOf();
    expect(await check()).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    expect(stampsOf()).toEqual(before);
  });

  it('names every file that is missing, stale, changed or left over, and writes nothing', async () => {
    const manifest: { files: Record<string, string> } = JSON.parse(
      readFileSync(join(tree, '.gen-infra.json'), 'utf8'),
    );
    rmSync(join(tree, 'ansible/requirements.yml'));
    writeFileSync(join(tree, 'ansible/ansible.cfg'), 'by hand\n');
    // SHA-256 of "abc" (FIPS 180-2, appendix B.1): an older build has written two files so.
    const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    for (const path of ['ansible/inventory/hosts.ini', 'guests/old/network-config']) {
      manifest.files[path] = abc;
      mkdirSync(dirname(join(tree, path)), { recursive: true });
      writeFileSync(join(tree, path), 'abc');
    }
    writeFileSync(join(tree, '.gen-infra.json'), JSON.stringify(manifest));
    const before = stampsOf();
    const { exitCode, stdout, stderr } = await check();
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr.match(/^error\[output-stale\]: .*$/gm)).toEqual([
      'error[output-stale]: ansible/ansible.cfg was changed by hand',
      'error[output-stale]: ansible/inventory/hosts.ini is not what the model says',
      'error[output-stale]: ansible/requirements.yml is missing',
      'error[output-stale]: guests/old/network-config no longer belongs to the output',
    ]);
    expect(stampsOf()).toEqual(before);
  });

  it('names the manifest where nothing but that is stale', async () => {
    rmSync(join(tree, '.gen-infra.json'));
    const { exitCode, stderr } = await check();
    expect(exitCode).toBe(1);
    expect(stderr).toContain('error[output-stale]: .gen-infra.json is not what the last build wrote\n');
  });

  it('names every file where there is no output, and makes none', async () => {
    rmSync(tree, { recursive: true });
    const { exitCode, stderr } = await check();
    expect(exitCode).toBe(1);
    expect(stderr).toContain('error[output-stale]: README.md is missing\n');
    expect(() => lstatSync(tree)).toThrow();
  });

  it('gives the same in JSON', async () => {
    rmSync(join(tree, 'README.md'));
    const { stdout } = await genInfraInProcess([
      'build',
      '--check',
      '-m',
      model,
      '-o',
      tree,
      '--format',
      'json',
    ]);
    expect(JSON.parse(stdout)).toMatchObject({
      version: 1,
      diagnostics: [
        { rule: 'output-stale', severity: 'error', file: join(tree, 'README.md'), line: 1, column: 1 },
      ],
    });
  });

  it('needs no right to write', (context) => {
    requireTools(context, ['unshare', 'mount'], { root: true });
    const script = 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"';
    const command = [process.execPath, inProject('dist/bin.js'), 'build', '--check', '-m', model, '-o', tree];
    const args = ['-m', 'sh', '-c', script, tree, ...command];
    const { status, stdout, stderr } = spawnSync('unshare', args, { encoding: 'utf8' });
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
  });
});
