import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { stringify } from 'yaml';
import { genInfra } from '../support/cli.ts';
import type { Output } from '../support/run.ts';
import type { Terraform } from '../support/terraform.ts';
import { writePlannedNetworks } from '../tools/libvirt/planned-networks.ts';
import { Cabling } from './cabling.ts';
import { debianModel } from './debian-model.ts';
import { Enclosure } from './enclosure.ts';
import { guestImage, hypervisorImage, key, makeImages } from './images.ts';
import { type LabGuest, type LabHypervisor, type LabTree, readLabTree } from './lab-tree.ts';
import { Machine, type MachineOptions, removeGroups } from './machine.ts';
import { type Played, summarize } from './played.ts';

/** What a lab needs of this machine, as root. */
export const tools = [
  ...'systemd-nspawn debootstrap apt-ftparchive ssh-keygen ssh openssl unshare ip nft dnsmasq udhcpc'.split(
    ' ',
  ),
  ...'ansible-playbook cloud-init netplan terraform xsltproc tcpdump ping'.split(' '),
];

/** Machines as a model says, booted in namespaces of their own, with its generated tree. */
export class Lab {
  readonly tree: LabTree;
  readonly changes: readonly string[];
  /** The model. */
  readonly #file: string;
  readonly #enclosure: Enclosure;
  readonly #cabling: Cabling;
  /** For each hypervisor the folder of what its libvirt gets. */
  readonly #networks: ReadonlyMap<string, string>;
  readonly #machines = new Map<string, Machine>();

  private constructor(
    tree: LabTree,
    parts: {
      file: string;
      enclosure: Enclosure;
      networks: ReadonlyMap<string, string>;
      changes: readonly string[];
    },
  ) {
    this.tree = tree;
    this.#file = parts.file;
    this.changes = parts.changes;
    this.#enclosure = parts.enclosure;
    this.#networks = parts.networks;
    this.#cabling = new Cabling(parts.enclosure, tree);
  }

  /** Builds a model's tree and its machines, fresh from their images. */
  static async start(text: string, terraform: Terraform): Promise<Lab> {
    await makeImages();
    allowManyMachines();
    const { model, controller, changes } = debianModel(text);
    const folder = mkdtempSync(join(tmpdir(), 'gen-infra-lab-'));
    const file = join(folder, 'cluster.yaml');
    writeFileSync(file, stringify(model));
    const tree = await readLabTree(build(file));
    const planned = tree.hypervisors.map(
      async ({ name, modules }) => [name, await writePlannedNetworks(terraform, modules)] as const,
    );
    const networks = new Map(await Promise.all(planned));
    const enclosure = await Enclosure.open();
    const lab = new Lab(tree, { file, enclosure, networks, changes });
    try {
      await lab.#boot(controller);
    } catch (error) {
      await lab.stop();
      throw error;
    }
    return lab;
  }

  async #boot(controller: string): Promise<void> {
    await this.#cabling.layOut();
    const bridge = this.tree.routers[0]?.bridge ?? this.tree.hypervisors[0]?.nics[0]?.bridge ?? '';
    await this.#cabling.addHost('controller', { bridge, address: controller });
    await this.#cabling.addHost('client', { bridge });
    await this.#askDhcp('client');
    for (const hypervisor of this.tree.hypervisors) await this.#addHypervisor(hypervisor);
    for (const guest of this.tree.guests) await this.#addGuest(guest);
    await Promise.all([...this.#machines.values()].map((machine) => machine.boot()));
  }

  /** Has a host ask for an address, where the LAN's router hands out some. */
  async #askDhcp(name: string): Promise<void> {
    const set = `#!/bin/sh
[ "$1" != bound ] || { ip address add $ip/$mask dev $interface; ip route add default via $router; }`;
    if (this.tree.routers.some(({ pool }) => pool.length > 0))
      await this.#enclosure.script(`
printf '%s\\n' '${set}' >/run/set-address && chmod +x /run/set-address
ip netns exec ${name} udhcpc -q -n -t 5 -T 1 -i eth0 -s /run/set-address 2>/dev/null`);
  }

  async #addHypervisor(hypervisor: LabHypervisor): Promise<void> {
    await this.#cabling.addHypervisor(hypervisor);
    await this.#create(hypervisor.name, hypervisorImage(hypervisor));
    // NetworkManager reads no profile that others can read.
    const profiles = `/run/machines/${hypervisor.name}/root/etc/NetworkManager/system-connections`;
    await this.#enclosure.script(`chmod 600 ${profiles}/*`);
  }

  async #addGuest(guest: LabGuest): Promise<void> {
    await this.#cabling.addGuest(guest);
    await this.#create(guest.name, guestImage(guest));
  }

  async #create(name: string, options: MachineOptions): Promise<void> {
    this.#machines.set(name, await Machine.create(this.#enclosure, name, options));
  }

  /** For somebody who wants to look into it: nsenter -t PID -n -m -p -r. */
  get pid(): number {
    return this.#enclosure.pid;
  }

  machine(name: string): Machine {
    const machine = this.#machines.get(name);
    if (machine === undefined) throw new Error(`there is no machine ${name}`);
    return machine;
  }

  /** Runs a command in the network namespace of a machine, or of `client`, `controller`, `router` or `switches`. */
  inNetwork(name: string, command: readonly string[], seconds?: number): Promise<Output> {
    return this.#enclosure.runIn(name, command, seconds === undefined ? {} : { seconds });
  }

  startIn(name: string, command: readonly string[]) {
    return this.#enclosure.startIn(name, command);
  }

  /** Runs a playbook of the tree, unchanged, from the controller over SSH. */
  async play(playbook: string, ...options: readonly string[]): Promise<Played> {
    const env = {
      ANSIBLE_HOME: '/run/ansible',
      ANSIBLE_SSH_CONTROL_PATH_DIR: '/run/cp',
      ANSIBLE_PRIVATE_KEY_FILE: key,
      ANSIBLE_HOST_KEY_CHECKING: 'False',
      ANSIBLE_SSH_COMMON_ARGS: '-o UserKnownHostsFile=/dev/null -o LogLevel=ERROR',
    };
    const command = ['ansible-playbook', `playbooks/${playbook}.yml`, ...options];
    const cwd = join(this.tree.path, 'ansible');
    return summarize(await this.#enclosure.runIn('controller', command, { cwd, env, seconds: 300 }));
  }

  /** The model, as Debian can be it. */
  get model(): string {
    return readFileSync(this.#file, 'utf8');
  }

  /** Changes the model, and builds the tree again. */
  rebuild(change: (text: string) => string): void {
    const changed = change(this.model);
    if (changed === this.model) throw new Error('the model is the same');
    writeFileSync(this.#file, changed);
    build(this.#file);
  }

  /** A file beside the model, and its path. */
  writeFile(name: string, text: string): string {
    const path = join(dirname(this.#file), name);
    writeFileSync(path, text);
    return path;
  }

  /** What `terraform apply` and the start of the guests do: libvirt's networks, and each guest on its bridge. */
  async startNetworksAndGuests(): Promise<void> {
    for (const { name } of this.tree.hypervisors) {
      const folder = this.#networks.get(name) ?? '';
      for (const file of readdirSync(folder)) {
        const network = file.replace(/\.xml$/, '');
        const xml = readFileSync(join(folder, file)).toString('base64');
        await this.machine(name).shell(`
base64 -d >/run/network.xml <<<'${xml}'
for step in 'net-define /run/network.xml' 'net-start ${network}' 'net-autostart ${network}'; do virsh -q -c qemu:///system $step; done`);
      }
    }
    await this.#cabling.plugIn(this.tree.guests);
    await this.#addressed(this.tree.guests);
  }

  /** Waits until guests have their addresses; where DHCP gives them, that takes some seconds. */
  async #addressed(guests: readonly LabGuest[]): Promise<void> {
    for (const { name, cards } of guests)
      for (const { address } of cards) {
        const has = async () =>
          (await this.inNetwork(name, ['ip', '-4', '-br', 'address'])).stdout.includes(` ${address} `);
        if (!(await this.eventually(has, 60))) throw new Error(`${name} does not get ${address}`);
      }
  }

  /** Takes guests off their bridges; their cards see nothing of it. */
  async unplug(...names: readonly string[]): Promise<void> {
    await this.#cabling.unplug(this.#guests(names));
  }

  async plugIn(...names: readonly string[]): Promise<void> {
    await this.#cabling.plugIn(this.#guests(names));
  }

  #guests(names: readonly string[]): LabGuest[] {
    return this.tree.guests.filter(({ name }) => names.includes(name));
  }

  /** Takes a guest's power away, and its cables with it. */
  async powerOff(name: string): Promise<void> {
    await Promise.all([this.setCables(name, 'down'), this.machine(name).crash()]);
    await this.#cabling.remove(name);
  }

  /** Starts guests that are switched off. */
  async powerOn(...names: readonly string[]): Promise<void> {
    const guests = this.#guests(names);
    for (const guest of guests) await this.#cabling.addGuest(guest);
    await this.#cabling.plugIn(guests);
    await Promise.all(names.map((name) => this.machine(name).boot()));
    await this.#addressed(guests);
  }

  /** Shuts everything down and switches it on again, first the hypervisors. */
  async rebootAll(): Promise<void> {
    const guests = this.tree.guests.map(({ name }) => name);
    for (const names of [guests, this.tree.hypervisors.map(({ name }) => name)]) {
      await Promise.all(names.map((name) => this.machine(name).shutDown()));
      for (const name of names) await this.#cabling.remove(name);
    }
    for (const hypervisor of this.tree.hypervisors) await this.#cabling.addHypervisor(hypervisor);
    await Promise.all(this.tree.hypervisors.map(({ name }) => this.machine(name).boot()));
    await this.powerOn(...guests);
  }

  /** A guest's cables at the side of its hypervisor. */
  async setCables(name: string, state: 'up' | 'down'): Promise<void> {
    await this.#cabling.setCables(this.#guests([name]), state);
  }

  /** Who has a virtual IP. */
  async holders({ address, members }: { address: string; members: readonly string[] }): Promise<string[]> {
    const show = ['ip', '-oneline', '-4', 'address', 'show', 'to', `${address}/32`];
    const found = await Promise.all(members.map((name) => this.inNetwork(name, show)));
    return members.filter((_, index) => found[index]?.stdout !== '');
  }

  /** Waits until something holds, and says whether it came to that. */
  async eventually(holds: () => Promise<boolean>, seconds = 30): Promise<boolean> {
    const end = Date.now() + seconds * 1000;
    while (Date.now() < end) {
      if (await holds()) return true;
      await pause(250);
    }
    return false;
  }

  async stop(): Promise<void> {
    await this.#enclosure.close();
    await removeGroups();
    rmSync(dirname(this.#file), { recursive: true });
  }
}

/** systemd and dnsmasq watch files; Linux lets a user do that in 128 places by default, which is few for thirty machines. */
function allowManyMachines(): void {
  const limit = '/proc/sys/fs/inotify/max_user_instances';
  if (Number(readFileSync(limit, 'utf8')) < 1024) writeFileSync(limit, '1024');
}

/** Builds a model's tree beside it, as a user does. */
function build(file: string): string {
  const { exitCode, stderr } = genInfra(['build', '-m', file]);
  if (exitCode !== 0) throw new Error(`the model cannot be built:\n${stderr}`);
  return join(dirname(file), 'generated');
}
