import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inProject } from '../../support/paths.ts';
import { type Mutation, mutate } from './mutation.ts';

const PARTS = [
  ...[
    'cluster.yaml',
    'dist',
    'examples',
    'generated',
    'package.json',
    'schema',
    'scripts',
    'src',
    'templates',
  ],
  'test',
];
const NOT_NEEDED = /\/src\/.*\.test\.ts$/;

/** No global set-up, which would compile the sources: they are not what was changed. */
const CONFIG = `export default {
  cacheDir: 'cache',
  test: { include: ['test/tools/**/*.test.ts'], testTimeout: 100_000, hookTimeout: 100_000 },
};
`;

export interface ProjectCopy {
  readonly folder: string;
  /** Ends what runs there. */
  readonly signal: AbortSignal;
}

/** Hands out the project in a folder of its own, which goes away afterwards with all that tests wrote meanwhile. */
export async function withProjectCopy(
  signal: AbortSignal,
  use: (copy: ProjectCopy) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'm-'));
  try {
    for (const part of PARTS) {
      cpSync(inProject(part), join(folder, part), {
        recursive: true,
        filter: (path) => !NOT_NEEDED.test(path),
      });
    }
    symlinkSync(inProject('node_modules'), join(folder, 'node_modules'));
    writeFileSync(join(folder, 'vitest.config.mjs'), CONFIG);
    mkdirSync(join(folder, 't'));
    await use({ folder, signal });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Puts the mistake into the template, compiles the templates, and builds the trees of both clusters from them. */
export async function applyMutation(copy: ProjectCopy, mutation: Mutation): Promise<void> {
  const template = join(copy.folder, 'templates', mutation.template);
  writeFileSync(template, mutate(readFileSync(template, 'utf8'), mutation));
  for (const script of ['generate', 'examples']) {
    const { exitCode, output } = await runNode(copy, [`scripts/${script}.mjs`]);
    if (exitCode !== 0) throw new Error(`${script} failed:\n${output}`);
  }
}

/** What became of the tests of some files whose names match. */
export interface Outcome {
  readonly exitCode: number | null;
  readonly passed: readonly string[];
  /** The messages of those that failed. */
  readonly failed: readonly string[];
}

interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

/** @throws when there is no report, as when a test's file cannot be read at all */
export async function runTests(
  copy: ProjectCopy,
  files: readonly string[],
  names: readonly string[],
): Promise<Outcome> {
  const pattern = names.map((name) => name.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|');
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--reporter=json', '--outputFile=report.json'];
  const args = [...vitest, '--testNamePattern', pattern, ...files.map((file) => `test/tools/${file}`)];
  const { exitCode, output } = await runNode(copy, args);
  const tests = reportIn(copy.folder, output).testResults.flatMap((file) => file.assertionResults);
  return {
    exitCode,
    passed: tests.filter(({ status }) => status === 'passed').map(({ fullName }) => fullName),
    failed: tests
      .filter(({ status }) => status === 'failed')
      .flatMap(({ failureMessages }) => failureMessages),
  };
}

function reportIn(folder: string, output: string): Report {
  try {
    const report: Report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'));
    return report;
  } catch {
    throw new Error(`vitest wrote no report:\n${output}`);
  }
}

/** Runs Node.js in a process group of its own, which is killed as a whole after five minutes or when the signal comes. */
function runNode({ folder, signal }: ProjectCopy, args: readonly string[]) {
  const env = { ...process.env, TMPDIR: join(folder, 't'), VITEST: undefined, NODE_OPTIONS: undefined };
  const command = ['--signal=KILL', '300', process.execPath, ...args];
  const child = spawn('timeout', command, { cwd: folder, env, detached: true, stdio: 'pipe' });
  const kill = () => child.pid !== undefined && process.kill(-child.pid, 'SIGKILL');
  signal.addEventListener('abort', kill);
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => output.push(String(data)));
  child.stdin.end();
  return new Promise<{ exitCode: number | null; output: string }>((resolve) => {
    child.on('close', (exitCode) => {
      signal.removeEventListener('abort', kill);
      resolve({ exitCode, output: output.join('') });
    });
  });
}
