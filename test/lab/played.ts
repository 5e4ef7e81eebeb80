import type { Output } from '../support/run.ts';

/** How a playbook ended. */
export interface Played {
  readonly exitCode: number;
  readonly changed: number;
  readonly failed: number;
  readonly unreachable: number;
  /** The tasks that changed something, each once, in their order. */
  readonly changes: readonly string[];
  /** All that it said. */
  readonly text: string;
}

export function summarize({ exitCode, stdout, stderr }: Output): Played {
  const recap = stdout.split('\nPLAY RECAP ')[1] ?? '';
  const sum = (key: string) =>
    [...recap.matchAll(new RegExp(`${key}=(\\d+)`, 'g'))].reduce(
      (total, [, count]) => total + Number(count),
      0,
    );
  const changes = new Set<string>();
  let task = '';
  for (const line of stdout.split('\n')) {
    const [, name] = /^(?:TASK|RUNNING HANDLER) \[(.*)\] \**$/.exec(line) ?? [];
    if (name !== undefined) task = name;
    if (line.startsWith('changed: ')) changes.add(task);
  }
  return {
    ...{ exitCode, changed: sum('changed'), failed: sum('failed'), unreachable: sum('unreachable') },
    ...{ changes: [...changes], text: stdout + stderr },
  };
}
