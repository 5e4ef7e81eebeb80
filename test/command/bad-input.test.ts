import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { genInfra } from '../support/cli.ts';
import { inProject } from '../support/paths.ts';

const model = readFileSync(inProject('test/models/reservations.yaml'), 'utf8');

/** A fresh folder with a model of this content. */
function folderWith(content: string | Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), 'bad-'));
  writeFileSync(join(folder, 'cluster.yaml'), content);
  return folder;
}

function build(content: string | Uint8Array) {
  const cwd = folderWith(content);
  return { ...genInfra(['build'], { cwd }), isWritten: existsSync(join(cwd, 'generated')) };
}

/** The model with one text in place of another. */
function withText(text: string, other: string): string {
  if (!model.includes(text)) throw new Error(`the model has no ${text}`);
  return model.replace(text, () => other);
}

const many = (text: string, length: number) => text.repeat(Math.ceil(length / text.length));
const MIB = 1024 * 1024;

describe('a text that is no model is refused at its place, and nothing is written', () => {
  it.each<[what: string, content: string | Uint8Array, rule: string, place: string]>([
    ['an empty file', '', 'yaml-empty', '1:1'],
    ['comments alone', '# a cluster\n\n# to be written\n', 'yaml-empty', '1:1'],
    ['a word', 'hello\n', 'wrong-type', '1:1'],
    ['a list', '- lan\n- kube\n', 'wrong-type', '1:1'],
    ['nothing, in words', '\n\nnull\n', 'wrong-type', '3:1'],
    ['a tab as indentation', withText('  lan:', '\tlan:'), 'yaml-syntax', '13:1'],
    ['a key twice', withText('name:', 'name: first\nname:'), 'yaml-duplicate-key', '6:1'],
    [
      'a key twice, as number and as text',
      `${model}nodes2: { 1: a, "1": b }\n`,
      'yaml-duplicate-key',
      '25:17',
    ],
    ['two documents', `${model}---\n${model}`, 'yaml-documents', '25:1'],
    ['a bracket that does not close', withText('[lb1, lb2]', '[lb1, lb2'), 'yaml-syntax', '24:77'],
    [
      'a quote that does not close',
      withText('name: reservations', 'name: "reservations'),
      'yaml-syntax',
      '5:7',
    ],
    ['a leading zero in a port', withText('port: 6443', 'port: 06443'), 'yaml-number', '24:55'],
    ['an octal of YAML 1.2', withText('port: 6443', 'port: 0o14453'), 'yaml-number', '24:55'],
    ['a leading zero in an address', withText('10.17.4.21', '10.17.4.021'), 'wrong-value', '19:47'],
    [
      'a truth value of YAML 1.1',
      withText('router: 192.168.0.1', 'router: { returnRoute: on }'),
      'wrong-type',
      '13:82',
    ],
    ['a truth value for a name', withText('name: reservations', 'name: false'), 'wrong-type', '5:7'],
    ['a number for a name', withText('name: reservations', 'name: 12'), 'wrong-type', '5:7'],
    ['infinity', `${model}loadBalancing: { keepalived: { advertInterval: .inf } }\n`, 'wrong-type', '25:48'],
    ['no number', `${model}loadBalancing: { keepalived: { advertInterval: .nan } }\n`, 'wrong-type', '25:48'],
    ['a map in place of a word', withText('mode: open', 'mode: { open: true }'), 'wrong-type', '14:57'],
    ['a key of the prototype', withText('name:', '__proto__: { mode: open }\nname:'), 'unknown-key', '5:1'],
    ['a node of that name', withText('worker2:', '__proto__:'), 'wrong-name', '21:3'],
    ['a list as a key', `${model}? [a, b]\n: c\n`, 'yaml-key', '25:3'],
    ['a merge key', withText('{ role: worker, os', '{ <<: &x { role: worker }, os'), 'yaml-key', '21:14'],
    ['an alias of nothing', withText('reservations', '*name'), 'yaml-alias', '5:7'],
    ['an alias of itself', 'nodes: &nodes\n  all: [*nodes]\n', 'yaml-alias', '2:9'],
    ['a tag', withText('name: reservations', 'name: !!str reservations'), 'yaml-tag', '5:7'],
    ['a tag of another tool', withText('name: reservations', 'name: !vault reservations'), 'yaml-tag', '5:7'],
    ['an older YAML', `%YAML 1.1\n---\n${model}`, 'yaml-version', '1:1'],
    ['a directive', `%TAG ! tag:example.org,2000:\n---\n${model}`, 'yaml-syntax', '1:1'],
    ['half of a surrogate pair', withText('name: reservations', 'name: "\\ud800"'), 'yaml-text', '5:7'],
    ['a NUL byte', withText('name: reservations', 'name: reser\0vations'), 'file-characters', '5:12'],
    ['an escape sequence', withText('name: reservations', 'name: \x1b[31mred'), 'file-characters', '5:7'],
    ['line ends of long ago', model.replaceAll('\n', '\r'), 'file-characters', '1:65'],
    [
      'Latin-1',
      Buffer.from(withText('name: reservations', 'name: f\xfcr'), 'latin1'),
      'file-encoding',
      '5:8',
    ],
    ['a character cut in two', Buffer.from(`${model}# \u20ac`).subarray(0, -1), 'file-encoding', '25:3'],
    ['UTF-16', Buffer.from(`\ufeff${model}`, 'utf16le'), 'file-encoding', '1:1'],
    ['UTF-16 without a mark', Buffer.from(model, 'utf16le'), 'file-characters', '1:2'],
  ])('%s', (_what, content, rule, place) => {
    const { exitCode, stdout, stderr, isWritten } = build(content);
    expect(stderr).toMatch(new RegExp(`^error\\[${rule}\\]: .+\\n  --> cluster\\.yaml:${place}\\n`));
    expect(stderr).not.toMatch(/^\s+at |this is a bug/m);
    expect({ exitCode, stdout, isWritten }).toEqual({ exitCode: 1, stdout: '', isWritten: false });
  });
});

describe('a text that is too much is refused in time', () => {
  const bomb = [...'abcdefgh'].map((name, index, names) => {
    const of = index === 0 ? 'x' : `*${names[index - 1]}`;
    return `${name}: &${name} [${Array(9).fill(of).join(', ')}]\n`;
  });

  it.each<[what: string, content: () => string, place: string]>([
    ['50 MB of YAML', () => model + many(`# ${'x'.repeat(97)}\n`, 50 * MIB), '1:1'],
    ['a million lists in one another', () => many('[', MIB), '1:65'],
    ['maps in one another', () => many('{ a: ', MIB), '1:321'],
    [
      'maps in one another, line by line',
      () => Array.from({ length: 999 }, (_, i) => `${' '.repeat(i)}a:\n`).join(''),
      '65:65',
    ],
    ['aliases that grow ninefold', () => bomb.join(''), '7:8'],
    ['20,001 keys', () => Array.from({ length: 20_001 }, (_, i) => `k${i}: 1\n`).join(''), '1:1'],
    ['5,001 members', () => withText('[lb1, lb2]', `[${many('lb1, ', 5 * 5001)}]`), '24:37'],
  ])('%s', (_what, content, place) => {
    const text = content();
    const before = performance.now();
    const { exitCode, stderr, isWritten } = build(text);
    expect(performance.now() - before).toBeLessThan(5000);
    expect(stderr).toMatch(new RegExp(`^error\\[yaml-limit\\]: .+\\n  --> cluster\\.yaml:${place}\\n`));
    expect(stderr.length).toBeLessThan(2000);
    expect({ exitCode, isWritten }).toEqual({ exitCode: 1, isWritten: false });
  });

  it('a device that never ends', () => {
    const { exitCode, stderr } = genInfra(['validate', '-m', '/dev/zero']);
    expect(stderr).toContain('error[yaml-limit]: the model has more than 4 MiB');
    expect(exitCode).toBe(1);
  });

  it('mistakes that go into the thousands, of which the first hundred are told', () => {
    const nodes = Array.from(
      { length: 5000 },
      (_, i) => `  n${i}: { role: worker, network: kube, ip: 10.17.4.300 }\n`,
    );
    const { exitCode, stderr } = build(withText('nodes:\n', `nodes:\n${nodes.join('')}`));
    expect(stderr.match(/^error\[/gm)).toHaveLength(100);
    expect(exitCode).toBe(1);
  });
});

describe('a model that cannot be read is a matter of the environment', () => {
  const run = (file: string) => genInfra(['build', '-m', file], { cwd: folderWith(model) });

  it.each([
    ['is not there', 'nowhere.yaml', 'nowhere.yaml does not exist; -m takes another model file'],
    ['is a directory', '.', '. is a directory; -m takes a model file'],
    ['lies below a file', 'cluster.yaml/x', 'cluster.yaml/x lies below something that is no directory'],
    ['gives errors when it is read', '/proc/self/mem', '/proc/self/mem cannot be read (EIO)'],
    [
      'has a name that no file can have',
      `${'x'.repeat(300)}.yaml`,
      `${'x'.repeat(300)}.yaml has too long a name`,
    ],
  ])('where it %s', (_what, file, message) => {
    const { exitCode, stdout, stderr } = run(file);
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 3,
      stdout: '',
      stderr: `gen-infra: ${message}\n`,
    });
  });

  it('where the user may not read it', () => {
    const folder = folderWith(model);
    chmodSync(folder, 0o755);
    chmodSync(join(folder, 'cluster.yaml'), 0o000);
    // Root may read everything, unless it has no capabilities (capabilities(7), CAP_DAC_OVERRIDE).
    const asAnybody = process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-all', '--inh-caps=-all'] : [];
    const [command = '', ...args] = [...asAnybody, process.execPath, inProject('dist/bin.js'), 'build'];
    const { status, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8' });
    expect(stderr).toBe('gen-infra: cluster.yaml may not be accessed by this user\n');
    expect(status).toBe(3);
  });
});

describe('what means the same is built to the same bytes', () => {
  const tree = (content: string): Record<string, string> => {
    const folder = folderWith(content);
    const { exitCode, stderr } = genInfra(['build'], { cwd: folder });
    if (exitCode !== 0) throw new Error(stderr);
    const root = join(folder, 'generated');
    const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    return Object.fromEntries(
      files.map(({ parentPath, name }) => {
        const file = join(parentPath, name);
        return [file.slice(root.length), readFileSync(file, 'latin1')];
      }),
    );
  };
  const plain = tree(model);

  it.each([
    ['with CRLF', model.replaceAll('\n', '\r\n')],
    ['after a byte order mark', `\ufeff${model}`],
    ['with MAC addresses in quotes', model.replace(/mac: (\S+)/g, 'mac: "$1"')],
    ['with tabs between words', model.replace('name: ', 'name:\t').replace('{ os:', '{\tos:')],
    ['without a line end at the end', model.trimEnd()],
    ['between document marks', `---\n${model}...\n`],
  ])('%s', (_what, content) => {
    expect(tree(content)).toEqual(plain);
  });

  it('and the tree is a whole one', () => {
    expect(Object.keys(plain).length).toBeGreaterThan(30);
  });

  it('from a pipe', () => {
    const { status, stdout } = spawnSync(
      'sh',
      [
        '-c',
        'cat cluster.yaml | "$0" "$1" validate -m /dev/stdin',
        process.execPath,
        inProject('dist/bin.js'),
      ],
      {
        cwd: folderWith(model),
        encoding: 'utf8',
      },
    );
    expect({ status, stdout }).toEqual({ status: 0, stdout: '/dev/stdin: valid\n' });
  });
});
