import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readlinkSync } from 'node:fs';
import { type Output, run } from '../support/run.ts';

interface Options {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly seconds?: number;
}

/** Its first process waits for the end of its input, so that nothing outlives the test, whatever becomes of that. */
const INIT = `
mount -t tmpfs -o mode=755 tmpfs /run
mkdir /run/netns /run/lock /run/machines
ip link set lo up
echo ready
read -r _`;

/** Network, mount and process namespaces without an uplink, that all of a lab is in and that end with this process. */
export class Enclosure {
  readonly #child: ChildProcess;
  /** Its first process, seen from outside. */
  readonly pid: number;

  private constructor(child: ChildProcess, pid: number) {
    this.#child = child;
    this.pid = pid;
  }

  static async open(): Promise<Enclosure> {
    const namespaces = ['--net', '--mount', '--pid', '--mount-proc', '--propagation', 'private'];
    const args = [...namespaces, '--fork', '--kill-child=KILL', 'bash', '--norc', '-euc', INIT];
    const child = spawn('unshare', args, { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(child.stdout, 'data', { signal: AbortSignal.timeout(10_000) });
    const pid = Number(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim());
    const networkOf = (who: string | number) => readlinkSync(`/proc/${who}/ns/net`);
    if (networkOf(pid) === networkOf('self')) throw new Error('the lab would not be isolated');
    return new Enclosure(child, pid);
  }

  /** Runs a command to its end, with the files of this machine. */
  run(command: readonly string[], { cwd = '/', env = {}, seconds = 60 }: Options = {}): Promise<Output> {
    return run('nsenter', [...this.#entry(cwd), ...command], { env, timeout: seconds * 1000 });
  }

  /** The same in one of its network namespaces. */
  runIn(network: string, command: readonly string[], options: Options = {}): Promise<Output> {
    return this.run(['ip', 'netns', 'exec', network, ...command], options);
  }

  /**
   * Runs a bash script, which ends at its first error.
   * @throws with what it said when it failed
   */
  async script(text: string): Promise<string> {
    const { exitCode, stdout, stderr } = await this.run(['bash', '--norc', '-euo', 'pipefail', '-c', text]);
    if (exitCode !== 0) throw new Error(`this failed in the lab:\n${text}\n${stdout}${stderr}`);
    return stdout;
  }

  /** Starts a command in one of its network namespaces, which ends with the lab, and gives what it writes. */
  startIn(network: string, command: readonly string[]): ChildProcess {
    return spawn('nsenter', [...this.#entry('/'), 'ip', 'netns', 'exec', network, ...command]);
  }

  async close(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }

  #entry(cwd: string): string[] {
    return ['-t', String(this.pid), '-n', '-m', '-p', '-r', `--wd=${cwd}`, '--'];
  }
}
