import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { runInNamespace } from '../../../support/namespace.ts';
import { inProject } from '../../../support/paths.ts';

export interface Machine {
  /** A tree of gen-infra's, of which a copy is used. */
  readonly tree: string;
  /** Playbooks beside the tree's own, by name. */
  readonly playbooks?: Readonly<Record<string, readonly object[]>>;
  readonly variables?: Readonly<Record<string, unknown>>;
  /** What Ansible knows of each host; nothing is gathered. */
  readonly facts?: Readonly<Record<string, object>>;
  readonly env?: Readonly<Record<string, string>>;
}

interface Result {
  readonly changed?: boolean;
  readonly failed?: boolean;
  readonly skipped?: boolean;
  readonly msg?: unknown;
  readonly item?: unknown;
  readonly diff?: Diff | readonly Diff[];
}

interface Diff {
  readonly after?: unknown;
}

/** What one host made of one task. */
export interface Answer extends Result {
  readonly play: string;
  readonly task: string;
  readonly host: string;
  /** What verify_connectivity.yml shows. */
  readonly summary?: unknown;
  /** Of a loop, one for each item. */
  readonly results?: readonly Result[];
}

interface Report {
  readonly plays: readonly {
    readonly play: { readonly name: string };
    readonly tasks: readonly {
      readonly task: { readonly name: string };
      readonly hosts: Readonly<Record<string, Omit<Answer, 'play' | 'task' | 'host'>>>;
    }[];
  }[];
}

/** Ansible changes the machine that it runs on, as the user that it is. */
const HERE = {
  ansible_connection: 'local',
  ansible_become: false,
  ansible_python_interpreter: '/usr/bin/python3',
  ansible_remote_tmp: '/run/ansible',
  ansible_async_dir: '/run/ansible-jobs',
};

/**
 * Runs a bash script on a machine that playbooks may change: see machine.sh for what there is.
 * @returns what the script said, and for each `play NAME` in it the answers of the hosts
 * @throws when the script fails
 */
export async function onMachine(
  script: string,
  { tree, playbooks = {}, variables, facts = {}, env }: Machine,
) {
  const results = mkdtempSync(join(tmpdir(), 'machine-'));
  const copy = join(results, 'tree');
  cpSync(tree, copy, { recursive: true });
  for (const [name, plays] of Object.entries(playbooks)) {
    writeFileSync(join(copy, 'ansible/playbooks', name), stringify(plays));
  }
  mkdirSync(join(results, 'facts'));
  for (const [host, known] of Object.entries(facts)) {
    writeFileSync(join(results, 'facts', host), JSON.stringify(known));
  }
  const folder = inProject('test/tools/ansible/machine');
  const { exitCode, stdout, stderr } = await runInNamespace(`source '${folder}/machine.sh'\n${script}`, {
    env: {
      ...env,
      LC_ALL: 'C.UTF-8',
      TREE: copy,
      RESULTS: results,
      STUBS: `${folder}/stubs`,
      NODE: process.execPath,
      EXTRA: JSON.stringify({ ...HERE, ...variables }),
    },
    timeoutSeconds: 90,
  });
  if (exitCode !== 0) throw new Error(`the machine failed, see ${results}:\n${stdout}${stderr}`);
  return { stdout, answers: (name: string) => answersIn(join(results, name)) };
}

function answersIn(file: string): Answer[] {
  const text = readFileSync(`${file}.json`, 'utf8');
  if (!text.startsWith('{')) throw new Error(`no report:\n${text}${readFileSync(`${file}.err`, 'utf8')}`);
  const report: Report = JSON.parse(text);
  return report.plays.flatMap(({ play, tasks }) =>
    tasks.flatMap(({ task, hosts }) =>
      Object.entries(hosts).map(([host, result]) => ({ play: play.name, task: task.name, host, ...result })),
    ),
  );
}

/** The tasks that changed something or would have, in their order. */
export function changedIn(answers: readonly Answer[]): string[] {
  return answers.filter(({ changed }) => changed === true).map(({ task }) => task);
}

export function failedIn(answers: readonly Answer[]): string[] {
  return answers.filter(({ failed }) => failed === true).map(({ task }) => task);
}

/** What tasks that failed complain of. */
export function complaintsIn(answers: readonly Answer[]): unknown[] {
  return resultsIn(answers)
    .filter(({ failed }) => failed === true)
    .map(({ msg }) => msg);
}

/** What files are like after tasks that show it. */
export function contentsIn(answers: readonly Answer[]): string {
  return resultsIn(answers)
    .flatMap(({ diff = [] }) => diff)
    .map(({ after }) => String(after))
    .join('\n');
}

/** The answers, of loops those of their items. */
function resultsIn(answers: readonly Answer[]): Result[] {
  return answers.flatMap((answer) => answer.results ?? [answer]);
}
