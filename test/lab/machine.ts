import { existsSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Output, run } from '../support/run.ts';
import type { Enclosure } from './enclosure.ts';

/** What a machine is made of. */
export interface MachineOptions {
  /** Folders of its file system, the first on top of the others. */
  readonly layers: readonly string[];
  /** The repository that it installs from. */
  readonly packages: string;
  readonly files: Readonly<Record<string, string>>;
  /** Units of systemd that start by themselves. */
  readonly units: readonly string[];
}

/** The hierarchies of control groups: one, or one for each controller where the kernel has the first version. */
const GROUPS = '/sys/fs/cgroup';
const hierarchies = existsSync(join(GROUPS, 'cgroup.controllers'))
  ? [GROUPS]
  : readdirSync(GROUPS).map((name) => join(GROUPS, name));
/** The one where systemd keeps its own. */
const unified = hierarchies.find((path) => path.endsWith('/unified')) ?? GROUPS;

/** Below this in each hierarchy are the groups of the machines. */
const OURS = `gen-infra-lab-${process.pid}`;

/** A machine booted with systemd (systemd-nspawn), in the network namespace of its name. */
export class Machine {
  readonly name: string;
  readonly #enclosure: Enclosure;
  readonly #options: MachineOptions;

  private constructor(enclosure: Enclosure, name: string, options: MachineOptions) {
    this.name = name;
    this.#enclosure = enclosure;
    this.#options = options;
  }

  /** Its file system is a copy that nobody else writes, and stays when it is switched off. */
  static async create(enclosure: Enclosure, name: string, options: MachineOptions): Promise<Machine> {
    const machine = new Machine(enclosure, name, options);
    const files = {
      'etc/hostname': `${name}\n`,
      'etc/machine-id': '',
      'etc/resolv.conf': '',
      'etc/hosts': `127.0.0.1 localhost\n127.0.1.1 ${name}\n`,
      'etc/apt/sources.list': 'deb [trusted=yes] file:/srv/packages ./\n',
      ...options.files,
    };
    const write = ([path, text]: [string, string]) =>
      `mkdir -p "$(dirname '${path}')"; base64 -d >'${path}' <<<'${Buffer.from(text).toString('base64')}'`;
    const enable = (unit: string) =>
      `ln -s '/lib/systemd/system/${unit}' 'etc/systemd/system/multi-user.target.wants/${unit}'`;
    await enclosure.script(`
mkdir -p /run/machines/${name}/{upper,work,root} && cd /run/machines/${name}
mount -t overlay overlay -o lowerdir=${options.layers.join(':')},upperdir=upper,workdir=work root && cd root
rm -f etc/apt/sources.list.d/*
${[...Object.entries(files).map(write), ...options.units.map(enable)].join('\n')}`);
    return machine;
  }

  /** Switches it on, and waits until systemd has started everything. */
  async boot(): Promise<void> {
    const groups = hierarchies.map((path) => join(path, OURS, this.name));
    await this.#enclosure.script(`
mkdir -p ${groups.join(' ')}
(for group in ${groups.join(' ')}; do echo 0 >"$group/cgroup.procs" 2>/dev/null || true; done
SYSTEMD_NSPAWN_API_VFS_WRITABLE=network exec setsid systemd-nspawn -q -D /run/machines/${this.name}/root --machine=${this.name} \\
  --network-namespace-path=/run/netns/${this.name} --register=no --keep-unit --link-journal=no --console=read-only \\
  --capability=CAP_NET_ADMIN,CAP_NET_RAW --bind-ro=${this.#options.packages}:/srv/packages --boot
) >/run/machines/${this.name}.log 2>&1 </dev/null &`);
    let state = '';
    for (let attempt = 0; attempt < 120 && !/running|degraded/.test(state); attempt += 1) {
      await pause(500);
      if (this.isOn()) state = (await this.run(['systemctl', 'is-system-running'])).stdout.trim();
    }
    if (state === 'running') return;
    const { stdout } = await this.#enclosure.run(['tail', '-n', '20', `/run/machines/${this.name}.log`]);
    const failed = this.isOn() ? (await this.run(['systemctl', '--failed', '--no-legend'])).stdout : '';
    throw new Error(`${this.name} is ${state || 'off'}:\n${failed}${stdout}`);
  }

  isOn(): boolean {
    return this.#pid() !== undefined;
  }

  /** Runs a command inside. */
  run(command: readonly string[], seconds = 60): Promise<Output> {
    const pid = this.#pid();
    if (pid === undefined) return Promise.resolve({ exitCode: 1, stdout: '', stderr: `${this.name} is off` });
    const env = ['env', '-i', '-C', '/', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'HOME=/root', 'LC_ALL=C'];
    const entry = ['-t', pid, '-m', '-p', '-n', '-i', '-u', '-r', '--'];
    return run('nsenter', [...entry, ...env, ...command], { timeout: seconds * 1000 });
  }

  /** The same with a line for a shell. @throws when it fails */
  async shell(line: string): Promise<string> {
    const { exitCode, stdout, stderr } = await this.run(['bash', '--norc', '-euc', line]);
    if (exitCode !== 0) throw new Error(`on ${this.name} this failed: ${line}\n${stdout}${stderr}`);
    return stdout;
  }

  /** Shuts it down as its power button does. */
  async shutDown(): Promise<void> {
    await this.run(['systemctl', 'poweroff', '--no-block']);
    for (let attempt = 0; attempt < 60 && this.isOn(); attempt += 1) await pause(500);
    if (this.isOn()) throw new Error(`${this.name} does not shut down`);
  }

  /** Takes its power away. */
  async crash(): Promise<void> {
    process.kill(Number(this.#pid()), 'SIGKILL');
    for (let attempt = 0; attempt < 100 && this.isOn(); attempt += 1) await pause(50);
  }

  /** Its first process, seen from outside. */
  #pid(): string | undefined {
    const group = join(unified, OURS, this.name, 'payload/init.scope/cgroup.procs');
    try {
      return readFileSync(group, 'utf8').split('\n')[0] || undefined;
    } catch {
      return undefined; // not yet, or not any more
    }
  }
}

/** Removes the control groups of machines that are gone. */
export async function removeGroups(): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    for (const hierarchy of hierarchies) removeBelow(join(hierarchy, OURS));
    if (!hierarchies.some((hierarchy) => existsSync(join(hierarchy, OURS)))) return;
    await pause(100);
  }
}

function removeBelow(group: string): void {
  if (!existsSync(group)) return;
  for (const entry of readdirSync(group, { withFileTypes: true }))
    if (entry.isDirectory()) removeBelow(join(group, entry.name));
  try {
    rmdirSync(group);
  } catch {
    // still has a process that is ending
  }
}
