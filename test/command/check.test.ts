import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rules } from '../../src/check/rules/index.ts';
import { codes } from '../../src/diagnostics/codes.ts';
import { genInfra } from '../support/cli.ts';
import { SMALLEST } from '../support/compile.ts';

/** A folder with a model of these replacements of the smallest one. */
function folderWith(from: string, to: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'gen-infra-check-'));
  writeFileSync(join(folder, 'cluster.yaml'), SMALLEST.replace(from, to));
  return folder;
}

const warned = () => folderWith('[lb1, lb2]', '[lb1]');
const wrong = () => folderWith('ip: 10.17.4.24', 'ip: 10.17.4.21');

describe('a model that breaks a rule', () => {
  it('is refused, and nothing is written', () => {
    const cwd = wrong();
    const { exitCode, stdout, stderr } = genInfra(['build'], { cwd });
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain('error[address-twice]: 10.17.4.21 is the address of master1 already');
    expect(stderr).toContain('help: next free address in kube: 10.17.4.22');
    expect(existsSync(join(cwd, 'generated'))).toBe(false);
  });

  it('is built with a warning, unless that is refused, too', () => {
    const cwd = warned();
    const strict = genInfra(['build', '--strict'], { cwd });
    expect({ exitCode: strict.exitCode, isWritten: existsSync(join(cwd, 'generated')) }).toEqual({
      exitCode: 1,
      isWritten: false,
    });
    const lenient = genInfra(['build'], { cwd });
    expect(lenient.exitCode).toBe(0);
    expect(lenient.stderr).toContain('warning[vip-single-member]');
    expect(existsSync(join(cwd, 'generated/.gen-infra.json'))).toBe(true);
  });

  it.each(['pretty', 'json', 'github', 'sarif'])('says the same with --format %s', (format) => {
    const { exitCode, stdout, stderr } = genInfra(['validate', '--format', format], { cwd: wrong() });
    expect(exitCode).toBe(1);
    expect(format === 'pretty' ? stderr : stdout).toContain('10.17.4.21 is the address of master1 already');
    expect(format === 'pretty' ? stdout : stderr).toBe('');
  });

  it('is printed with its defaults only if it would be built', () => {
    const refused = genInfra(['validate', '--resolved'], { cwd: wrong() });
    expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
    const printed = genInfra(['validate', '--resolved'], { cwd: warned() });
    expect(printed.exitCode).toBe(0);
    expect(printed.stdout).toMatch(/^schemaVersion: 1\n/);
    expect(printed.stderr).toContain('warning[vip-single-member]');
  });
});

describe('explain', () => {
  it('lists all rules, a line each', () => {
    const { exitCode, stdout } = genInfra(['explain']);
    expect(exitCode).toBe(0);
    expect(stdout.trimEnd().split('\n')).toHaveLength(rules.length + codes.length);
    expect(stdout).toMatch(/^address-twice +error +two machines have one address/m);
  });

  it('prints what, why, how to fix it and two examples', () => {
    const { exitCode, stdout } = genInfra(['explain', 'address-twice']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /^# address-twice\n\nError: two machines[\s\S]*## Why[\s\S]*## What to do[\s\S]*```yaml\nnodes:/,
    );
  });

  it('knows findings that no rule makes, too', () => {
    expect(genInfra(['explain', 'unknown-key']).stdout).toMatch(/^# unknown-key\n\nError: a key that/);
  });

  it('of a rule that is not there says which was meant', () => {
    const { exitCode, stdout, stderr } = genInfra(['explain', 'adress-twice']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toBe('gen-infra: there is no rule "adress-twice"; did you mean "address-twice"?\n');
  });
});
