import { execFile, spawnSync } from 'node:child_process';
import { main } from '../../src/cli/main.ts';
import { inProject } from './paths.ts';

export interface Result {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Options {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const bin = inProject('dist/bin.js');

/** Runs gen-infra as a user would, without a terminal. */
export function genInfra(args: readonly string[], { cwd = inProject('.'), env = {} }: Options = {}): Result {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', ...env },
    encoding: 'utf8',
  });
  return { exitCode: status, stdout, stderr };
}

/** The same without waiting. */
export function genInfraAsync(
  args: readonly string[],
  { cwd = inProject('.') }: Options = {},
): Promise<Result> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [bin, ...args], { cwd }, (_error, stdout, stderr) =>
      resolve({ exitCode: child.exitCode, stdout, stderr }),
    );
  });
}

/** The same in this process, from the sources. */
export async function genInfraInProcess(args: readonly string[]): Promise<Result> {
  const output = { stdout: '', stderr: '' };
  const streamOf = (name: keyof typeof output) => ({
    write: (text: string) => {
      output[name] += text;
    },
  });
  const io = { stdout: streamOf('stdout'), stderr: streamOf('stderr'), env: {}, cwd: inProject('.') };
  return { exitCode: await main(args, io), ...output };
}
