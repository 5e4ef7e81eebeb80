import { readFileSync } from 'node:fs';

/** When the process with a number started, in a unit of the system's; undefined when there is no such process. */
export function startOf(pid: number): string | undefined {
  try {
    // proc_pid_stat(5): the name, which may hold anything, is in parentheses; the state is field 3, the start field 22.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
  } catch {
    return isRunning(pid) ? UNKNOWN : undefined;
  }
}

/** Without /proc nobody says when a process started. */
const UNKNOWN = '0';

/** Whether a process runs that has this number and started then. */
export function isSameProcess(pid: number, start: string): boolean {
  const now = startOf(pid);
  return now !== undefined && (now === start || now === UNKNOWN || start === UNKNOWN);
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (cause) {
    return cause instanceof Error && 'code' in cause && cause.code === 'EPERM';
  }
}
