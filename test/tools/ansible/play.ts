import { runInNamespace } from '../../support/namespace.ts';
import { inProject } from '../../support/paths.ts';

interface Machine {
  /** Shell commands that make the machine what it is before the play. */
  readonly setUp: string;
  /** Services that run, and packages that are installed. */
  readonly services?: readonly string[];
  readonly packages?: readonly string[];
  /** The command of systemctl or nmcli that fails. */
  readonly failing?: string;
  /** Shell commands whose output is wanted after the play. */
  readonly lookAt?: string;
}

export interface Played {
  readonly exitCode: number | null;
  /** What Ansible said, each run of white space as one space. */
  readonly said: string;
  /** What systemd and NetworkManager were told to change, in order. */
  readonly calls: readonly string[];
  readonly seen: string;
}

/** What a playbook needs to be run here: see machine.sh. */
export const TOOLS = ['ansible-playbook', 'unshare', 'ip', 'nft'] as const;

/** Runs a playbook of a tree by real Ansible on a machine of its own, a namespace. */
export async function play(tree: string, playbook: string, machine: Machine): Promise<Played> {
  const { setUp, services = [], packages = [], failing = '', lookAt = '' } = machine;
  const script = `
source '${inProject('test/tools/ansible/machine.sh')}'
${setUp}
cd "$TREE/ansible"
code=0
ansible-playbook playbooks/${playbook} -e ansible_connection=local -e ansible_become=false \\
  -e ansible_python_interpreter=/usr/bin/python3 || code=$?
echo '=== calls'; cat /run/calls
echo '=== seen'; ${lookAt}
exit $code`;
  const env = {
    TREE: tree,
    SERVICES: services.join(' '),
    PACKAGES: packages.join(' '),
    FAILING: failing,
  };
  const { exitCode, stdout } = await runInNamespace(script, { env, timeoutSeconds: 150 });
  const [said = '', calls = '', seen = ''] = stdout.split(/^=== (?:calls|seen)\n/m);
  return { exitCode, said: said.replace(/\s+/g, ' '), calls: calls.split('\n').filter(Boolean), seen };
}
