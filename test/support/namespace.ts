import { execFile } from 'node:child_process';
import type { Result } from './cli.ts';

interface Options {
  readonly env?: Readonly<Record<string, string>>;
  /** After this everything in the namespace is killed, and the exit code is null. */
  readonly timeoutSeconds?: number;
}

/** No interface but lo; a private /run, where `ip netns` keeps its names; /sys shows this namespace's interfaces. */
const prelude = `
set -euo pipefail
ip link set lo up
mount -t tmpfs -o mode=755 tmpfs /run
mount -t sysfs sysfs /sys
mkdir /run/netns /run/lock
`;

/**
 * Runs a bash script as root in network, mount and process namespaces of its own. It ends with the script, or with
 * its time: the script is process 1 there, and the kernel kills the others with it.
 */
export function runInNamespace(
  script: string,
  { env = {}, timeoutSeconds = 60 }: Options = {},
): Promise<Result> {
  const namespaces = ['--net', '--mount', '--pid', '--mount-proc', '--fork', '--kill-child=KILL'];
  const options = {
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C', ...env },
    timeout: timeoutSeconds * 1000,
    killSignal: 'SIGKILL',
    maxBuffer: 2 ** 25,
  } as const;
  return new Promise((resolve) => {
    const args = [...namespaces, 'bash', '--norc', '-c', prelude + script];
    const child = execFile('unshare', args, options, (_error, stdout, stderr) =>
      resolve({ exitCode: child.exitCode, stdout, stderr }),
    );
  });
}
