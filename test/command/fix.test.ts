import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { genInfra, type Result } from '../support/cli.ts';
import { inProject } from '../support/paths.ts';
import { run } from '../support/run.ts';

const right = readFileSync(inProject('examples/smallest/cluster.yaml'), 'utf8');
const slips = right.replace('network: lan', 'netwrok: lan').replace('sion: 1', 'sion: "1" # of the schema');
const mended = right.replace('sion: 1', 'sion: 1 # of the schema');

/** A fresh folder with a model, and what `validate --fix` makes of it. */
function fix(text: string | Uint8Array, ...more: string[]): Result & { after: string; folder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'fix-'));
  const model = join(folder, 'cluster.yaml');
  writeFileSync(model, text);
  const result = genInfra(['validate', '--fix', ...more], { cwd: folder });
  expect(readdirSync(folder)).toEqual(['cluster.yaml']);
  return { ...result, after: readFileSync(model, 'utf8'), folder };
}

describe('gen-infra validate --fix', () => {
  it('mends a model, says how much of it, and is done', () => {
    const { folder, ...result } = fix(slips);
    const stdout = 'cluster.yaml: 2 fixed, 0 left\ncluster.yaml: valid\n';
    expect(result).toEqual({ exitCode: 0, stdout, stderr: '', after: mended });
    const again = genInfra(['validate', '--fix'], { cwd: folder });
    expect(again).toEqual({ exitCode: 0, stdout: 'cluster.yaml: valid\n', stderr: '' });
  });

  it('reports what is left, and that alone', () => {
    const { exitCode, stdout, stderr, after } = fix(slips.replace('kubernetes: k3s', 'kubernetes: k8s'));
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: 'cluster.yaml: 2 fixed, 1 left\n' });
    expect(stderr.match(/^(error|warning)\[.*/gm)).toEqual(['error[wrong-value]: "k8s" is not allowed here']);
    expect(after).toBe(mended.replace('kubernetes: k3s', 'kubernetes: k8s'));
  });

  it('prints it for programs as well', () => {
    const { exitCode, stdout, after } = fix(slips, '--format', 'json');
    expect({ exitCode, after }).toEqual({ exitCode: 0, after: mended });
    expect(JSON.parse(stdout)).toEqual({ version: 1, diagnostics: [] });
  });

  it.each([
    ['a byte order mark', `\ufeff${slips}`, `\ufeff${mended}`],
    ['the line ends of Windows', slips.replaceAll('\n', '\r\n'), mended.replaceAll('\n', '\r\n')],
    ['a last line without an end', slips.trimEnd(), mended.trimEnd()],
    ['characters of more than one byte', `# \u7f51 \u{1f600}\n${slips}`, `# \u7f51 \u{1f600}\n${mended}`],
  ])('keeps %s', (_what, before, after) => {
    expect(fix(before)).toMatchObject({ exitCode: 0, after });
  });

  it.each([
    ['no YAML', `${slips}x: [\n`],
    ['no UTF-8', Buffer.concat([Buffer.from(slips), Buffer.from([0xff])])],
    ['YAML that two readers read differently', slips.replace('6443', '06443')],
    ['nothing that it could mend', right.replace('kubernetes: k3s', 'kubernetes: k8s')],
  ])('leaves a file alone that has %s', (_what, before) => {
    const { exitCode, stdout, folder } = fix(before);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(readFileSync(join(folder, 'cluster.yaml')).equals(Buffer.from(before))).toBe(true);
  });

  it('follows a link, and keeps the mode of the file', () => {
    const { folder } = fix(right);
    writeFileSync(join(folder, 'cluster.yaml'), slips);
    chmodSync(join(folder, 'cluster.yaml'), 0o640);
    symlinkSync('cluster.yaml', join(folder, 'link.yaml'));
    const { exitCode } = genInfra(['validate', '--fix', '-m', 'link.yaml'], { cwd: folder });
    expect(exitCode).toBe(0);
    expect(readFileSync(join(folder, 'cluster.yaml'), 'utf8')).toBe(mended);
    expect(statSync(join(folder, 'cluster.yaml')).mode & 0o777).toBe(0o640);
    expect(readdirSync(folder)).toEqual(['cluster.yaml', 'link.yaml']);
  });

  it('is wrong usage with --resolved, and for what cannot be written back', async () => {
    expect(genInfra(['validate', '--fix', '--resolved'])).toMatchObject({ exitCode: 2, stdout: '' });
    const bin = inProject('dist/bin.js');
    const piped = await run('bash', [
      '-c',
      `cat "$0" | node "$1" validate --fix -m /dev/stdin`,
      inProject('cluster.yaml'),
      bin,
    ]);
    expect(piped).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: 'gen-infra: /dev/stdin is no file that --fix could write\n',
    });
  });

  it('is named where it would help', () => {
    const { folder } = fix(right);
    writeFileSync(join(folder, 'cluster.yaml'), slips);
    const { stderr } = genInfra(['validate'], { cwd: folder });
    expect(stderr.trimEnd().split('\n').at(-1)).toBe('2 errors; `gen-infra validate --fix` fixes 2');
    expect(readFileSync(join(folder, 'cluster.yaml'), 'utf8')).toBe(slips);
  });
});
