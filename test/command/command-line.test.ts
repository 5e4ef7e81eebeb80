import { mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { genInfra } from '../support/cli.ts';
import { inProject } from '../support/paths.ts';

const model = readFileSync(inProject('test/models/reservations.yaml'), 'utf8');

/** A fresh folder with a model of this content. */
function folderWith(content: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'cli-'));
  writeFileSync(join(folder, 'cluster.yaml'), content);
  return folder;
}

it('is a program, for npx links to it once and for all', () => {
  expect(statSync(inProject('dist/bin.js')).mode & 0o111).toBe(0o111);
});

describe('diagnostics for programs', () => {
  it('diagnostics are JSON with places from 1 and ends exclusive', () => {
    const text = model.replace('[lb1, lb2]', '[lb1, lb2, lb1]').replace('master1', 'Master1');
    const { exitCode, stdout, stderr } = genInfra(['validate', '--format', 'json'], {
      cwd: folderWith(text),
    });
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({
      version: 1,
      diagnostics: [
        {
          rule: 'wrong-name',
          severity: 'error',
          message: expect.stringContaining('"Master1" is not a name'),
          file: 'cluster.yaml',
          line: 19,
          column: 3,
          endLine: 19,
          endColumn: 10,
          path: 'nodes.Master1',
          related: [],
          help: 'write "master1"',
          edit: {
            file: 'cluster.yaml',
            line: 19,
            column: 3,
            endLine: 19,
            endColumn: 10,
            offset: text.indexOf('Master1'),
            endOffset: text.indexOf('Master1') + 7,
            replacement: 'master1',
          },
        },
        {
          rule: 'wrong-value',
          severity: 'error',
          message: '"lb1" stands twice in vips.api.members',
          file: 'cluster.yaml',
          line: 24,
          column: 48,
          endLine: 24,
          endColumn: 51,
          path: 'vips.api.members[2]',
          related: [
            { message: 'first here', file: 'cluster.yaml', line: 24, column: 38, endLine: 24, endColumn: 41 },
          ],
          help: 'remove one of them',
        },
      ],
    });
  });

  it('a text that is no YAML has a place, but no path', () => {
    const { stdout } = genInfra(['build', '--format', 'json'], { cwd: folderWith('name: [a\nnodes:\n') });
    const [diagnostic] = JSON.parse(stdout).diagnostics;
    expect(diagnostic).toMatchObject({ rule: 'yaml-syntax', line: 1, column: 7, endLine: 1, endColumn: 8 });
    expect(diagnostic).not.toHaveProperty('path');
  });

  it('a right model has none', () => {
    const { exitCode, stdout } = genInfra(['validate', '--format', 'json'], { cwd: folderWith(model) });
    expect({ exitCode, output: JSON.parse(stdout) }).toEqual({
      exitCode: 0,
      output: { version: 1, diagnostics: [] },
    });
  });
});

describe('the command line', () => {
  it.each([
    ['no command', [], /Usage: gen-infra/],
    ['an unknown command', ['bild'], /unknown command 'bild'\n\(Did you mean build\?\)/],
    ['an unknown option', ['build', '--chek'], /unknown option '--chek'\n\(Did you mean --check\?\)/],
    ['an option without its value', ['build', '-m'], /argument missing/],
    ['an unknown format', ['validate', '--format', 'xml'], /argument 'xml' is invalid.*pretty, json/],
    ['an argument too many', ['validate', 'other.yaml'], /too many arguments/],
  ])('explains %s and exits with 2', (_what, args, message) => {
    const { exitCode, stdout, stderr } = genInfra(args, { cwd: folderWith(model) });
    expect(stderr).toMatch(message);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  });

  it.each([
    ['--help', ['--help'], /^Usage: gen-infra/],
    ['help of a command', ['build', '--help'], /^Usage: gen-infra build/],
    ['--version', ['--version'], /^\d+\.\d+\.\d+\n$/],
    ['the schema', ['schema'], /^\{\n {2}"\$schema"/],
  ])('prints %s and exits with 0', (_what, args, output) => {
    const { exitCode, stdout, stderr } = genInfra(args, { cwd: folderWith(model) });
    expect(stdout).toMatch(output);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });

  it('takes a model of another name in another folder', () => {
    const folder = folderWith(model);
    mkdirSync(join(folder, 'models'));
    writeFileSync(join(folder, 'models', 'home.yaml'), 'name: [\n');
    const { exitCode, stderr } = genInfra(['validate', '-m', 'models/home.yaml'], { cwd: folder });
    expect(stderr).toContain('--> models/home.yaml:1:7');
    expect(exitCode).toBe(1);
  });
});
