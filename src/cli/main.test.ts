import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inProject } from '../../test/support/paths.ts';
import { main } from './main.ts';
import { VERSION } from './version.ts';

async function run(argv: readonly string[], failing?: Error) {
  const output = { stdout: '', stderr: '' };
  const io = {
    stdout: {
      write: (text: string) => {
        if (failing !== undefined) throw failing;
        output.stdout += text;
      },
    },
    stderr: {
      write: (text: string) => {
        output.stderr += text;
      },
    },
    env: {},
    cwd: inProject('.'),
  };
  return { exitCode: await main(argv, io), ...output };
}

describe('the command line', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gen-infra-main-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('says its version', async () => {
    expect(await run(['--version'])).toEqual({ exitCode: 0, stdout: `${VERSION}\n`, stderr: '' });
  });

  it.each([[['--help']], [['help', 'build']], [['build', '--help']]])(
    'helps with exit code 0: %j',
    async (argv) => {
      const { exitCode, stdout, stderr } = await run(argv);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      expect(stdout).toMatch(/^Usage: gen-infra/);
    },
  );

  it.each([
    [[], /^Usage: gen-infra/],
    [['biuld'], /^error: unknown command 'biuld'\n\(Did you mean build\?\)\n$/],
    [['build', '--chekc'], /^error: unknown option '--chekc'\n\(Did you mean --check\?\)\n$/],
    [['build', 'cluster.yaml'], /^error: too many arguments/],
    [['build', '-m'], /^error: option '-m, --model <file>' argument missing\n$/],
    [['build', '--format', 'xml'], /^error: option '--format <format>' argument 'xml' is invalid/],
    [['build', '--color', 'maybe'], /^error: option '--color <when>' argument 'maybe' is invalid/],
  ])('tells a mistake of usage with exit code 2: %j', async (argv, message) => {
    const { exitCode, stdout, stderr } = await run(argv);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it.each([
    ['that is not there', () => join(folder, 'none.yaml'), 'does not exist'],
    ['that is a folder', () => folder, 'is a directory'],
    [
      'below a file',
      () => join(inProject('package.json'), 'x.yaml'),
      'lies below something that is no directory',
    ],
  ])('tells of a model %s with exit code 3 and one line', async (_name, model, reason) => {
    for (const verb of ['build', 'validate']) {
      const { exitCode, stdout, stderr } = await run([verb, '-m', model()]);
      expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
      expect(stderr.startsWith(`gen-infra: ${model()} ${reason}`), stderr).toBe(true);
      expect(stderr).toMatch(/^[^\n]+\n$/);
    }
  });

  it('ends with exit code 1 for a model with mistakes', async () => {
    const model = join(folder, 'cluster.yaml');
    writeFileSync(model, 'schemaVersion: 1\n');
    for (const verb of ['build', 'validate']) {
      const { exitCode, stdout, stderr } = await run([verb, '-m', model]);
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
      expect(stderr).toMatch(/^error\[/);
    }
  });

  it('tells a failing call of the system in one line, with exit code 3', async () => {
    const full = Object.assign(new Error('EDQUOT: disk quota exceeded, write'), {
      code: 'EDQUOT',
      syscall: 'write',
    });
    expect(await run(['schema'], full)).toEqual({
      exitCode: 3,
      stdout: '',
      stderr: 'gen-infra: EDQUOT: disk quota exceeded, write\n',
    });
  });

  it('asks for a report of anything else, with exit code 70', async () => {
    const { exitCode, stderr } = await run(['schema'], new TypeError('x is not a function'));
    expect(exitCode).toBe(70);
    expect(stderr).toMatch(
      /^gen-infra \S+: this is a bug\. Please report it .*\nTypeError: x is not a function\n {4}at /,
    );
  });
});
