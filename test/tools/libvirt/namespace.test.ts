import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runInNamespace } from '../../support/namespace.ts';
import { requireTools } from '../../support/require-tools.ts';

test('a script in a namespace sees no interface but lo and no process but its own', async (context) => {
  requireTools(context, ['unshare', 'ip'], { root: true });
  const { exitCode, stdout } = await runInNamespace(
    'ip -brief link | cut -d" " -f1; ls /sys/class/net; echo $$; exit 7',
  );
  expect({ exitCode, stdout }).toEqual({ exitCode: 7, stdout: 'lo\nlo\n1\n' });
});

test('a script in a namespace is killed after its time, with all that it started', async (context) => {
  requireTools(context, ['unshare', 'ip'], { root: true });
  const name = `gen-infra-${randomUUID()}`;
  const script = `(exec -a ${name} sleep 60) & (trap '' TERM; exec -a ${name} sleep 60) & echo started; wait`;
  const { exitCode, stdout } = await runInNamespace(script, { timeoutSeconds: 3 });
  expect({ exitCode, stdout }).toEqual({ exitCode: null, stdout: 'started\n' });
  await expect.poll(() => processesNamed(name), { timeout: 10_000 }).toEqual([]);
});

function processesNamed(name: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith(name);
    } catch {
      return false; // ended meanwhile
    }
  });
}
