import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNamespace } from '../../support/namespace.ts';
import { inProject } from '../../support/paths.ts';
import type { GeneratedLab, Guest, Hypervisor } from './generated-lab.ts';
import { libvirtTable } from './libvirt-table.ts';

/** What one machine tries. */
export interface Try {
  readonly protocol: 'icmp' | 'tcp' | 'udp';
  readonly to: string;
  readonly port?: number;
  /** The source address, where it is not the one that the kernel takes. */
  readonly as?: string;
}

/** Somebody who is not in the tree: the routers outside are one machine that passes packets on. */
export interface Stranger extends Guest {
  readonly isRouter: boolean;
}

/** Who is there, and what each of them tries; seconds without any answer after which silence is believed. */
export interface Experiment {
  readonly lab: GeneratedLab;
  readonly strangers: readonly Stranger[];
  readonly tries: ReadonlyMap<string, readonly Try[]>;
  readonly patience: readonly number[];
}

/** The kernel, or nft, does not take what the tree says. */
export class Unbuildable extends Error {}

/** What a machine is made of: lines of `ip`, of `nft`, and values of sysctl before and after them. */
interface Plan {
  readonly before: Record<string, string>;
  readonly wires: string[];
  readonly own: string[];
  readonly routes: string[];
  readonly rules: string[];
  readonly after: Record<string, string>;
  readonly tries: readonly Try[];
}

/** Has everybody try: for each try the name and the source address that the other side sees, `pong`, or why there is no answer. */
export async function makeTries(experiment: Experiment): Promise<Map<string, string[]>> {
  const { tries, patience } = experiment;
  const all = [...tries.values()].flat();
  const portsOf = (wanted: string) =>
    new Set(all.flatMap(({ protocol, port }) => (protocol === wanted ? (port ?? []) : [])));
  const ports = { tcp: [...portsOf('tcp')], udp: [...portsOf('udp')] };
  const machines = Object.fromEntries(new Plans(experiment).all);
  const folder = mkdtempSync(join(tmpdir(), 'gen-infra-reach-'));
  const file = join(folder, 'plan.json');
  writeFileSync(file, JSON.stringify({ machines, ports, patience }));
  const env = { PROGRAM: inProject('test/tools/reach/lab.py'), PLAN: file };
  const { exitCode, stdout, stderr } = await runInNamespace('python3 "$PROGRAM" "$PLAN"', { env });
  rmSync(folder, { recursive: true });
  if (exitCode !== 0) throw new Unbuildable(stderr);
  return new Map(Object.entries(JSON.parse(stdout) as Record<string, string[]>));
}

/** They are one machine here, and none of them answers for the others. */
const ROUTERS = { 'net.ipv4.ip_forward': '1', 'net.ipv4.conf.all.arp_ignore': '1' };

/** The plans of all machines; the namespace around them has the switches, and no name. */
class Plans {
  readonly all: Map<string, Plan>;
  readonly #switches = new Map<string, string>();
  #cables = 0;

  constructor({ lab: { hypervisors, guests }, strangers, tries }: Experiment) {
    const names = ['', ...[...hypervisors, ...guests, ...strangers].map(({ name }) => name)];
    this.all = new Map(names.map((name) => [name, emptyPlan(tries.get(name) ?? [])]));
    for (const hypervisor of hypervisors) this.#addHypervisor(hypervisor);
    for (const guest of guests) this.#addGuest(guest);
    for (const stranger of strangers) {
      this.#addGuest(stranger);
      if (stranger.isRouter) Object.assign(this.#plan(stranger.name).after, ROUTERS);
    }
  }

  #plan(name: string): Plan {
    const plan = this.all.get(name);
    if (plan === undefined) throw new Unbuildable(`there is no machine ${name}`);
    return plan;
  }

  #addHypervisor({ name, bridges, sysctls, ruleset }: Hypervisor): void {
    const { wires, own, routes, rules, after } = this.#plan(name);
    wires.push(...bridges.flatMap((bridge) => bridgeLines(bridge.name)));
    for (const { at, name: bridge, addresses, gateway, routes: further } of bridges) {
      if (at !== '') this.#plug({ machine: name, card: `up${this.#cables}`, at, master: bridge });
      own.push(...addresses.map((address) => `address add ${address} dev ${bridge}`));
      if (gateway !== undefined) routes.push(`route add default via ${gateway} dev ${bridge} onlink`);
      routes.push(...further.map(({ to, via }) => `route add ${to} via ${via} dev ${bridge}`));
    }
    Object.assign(after, { 'net.ipv4.ip_forward': '1' });
    Object.assign(after, Object.fromEntries(sysctls.map((sysctl) => [sysctl.name, sysctl.value])));
    rules.push(libvirtTable(bridges));
    // Here everybody pings at once.
    if (ruleset !== '')
      rules.push(
        readFileSync(ruleset, 'utf8').replaceAll(
          /limit rate \d+\/second/g,
          'limit rate 100000/second burst 10000 packets',
        ),
      );
  }

  #addGuest({ name, cards }: Guest): void {
    const { own, routes } = this.#plan(name);
    for (const [index, { at, addresses, routes: said }] of cards.entries()) {
      const card = `eth${index}`;
      if (at === '') own.push(...bridgeLines(card));
      else this.#plug({ machine: name, card, at });
      own.push(...addresses.map((address) => `address add ${address} dev ${card}`));
      for (const { to, via, isOnLink = false } of said)
        routes.push(
          `route add ${to}${via === '' ? '' : ` via ${via}`} dev ${card}${isOnLink ? ' onlink' : ''}`,
        );
    }
  }

  /** Plugs a card into a switch, or into HYPERVISOR.BRIDGE. */
  #plug({ machine, card, at, master }: { machine: string; card: string; at: string; master?: string }): void {
    const [, host = '', bridge = ''] = /^([^.]+)\.(.+)$/.exec(at) ?? [];
    const { wires } = this.#plan(host);
    const port = `c${this.#cables}`;
    this.#cables += 1;
    wires.push(`link add ${port} type veth peer name ${card} netns ${machine}`);
    wires.push(`link set ${port} master ${host === '' ? this.#switch(at) : bridge} up`);
    this.#plan(machine).own.push(`link set ${card} ${master === undefined ? '' : `master ${master}`} up`);
  }

  #switch(at: string): string {
    const known = this.#switches.get(at);
    if (known !== undefined) return known;
    const name = `sw${this.#switches.size}`;
    this.#switches.set(at, name);
    this.#plan('').wires.unshift(...bridgeLines(name));
    return name;
  }
}

/** Without what the machine around has; the limits are raised, for here everybody asks at once. */
function emptyPlan(tries: readonly Try[]): Plan {
  const before = {
    'net.ipv4.conf.all.rp_filter': '0',
    'net.ipv4.conf.default.rp_filter': '0',
    'net.ipv4.conf.all.accept_redirects': '0',
    'net.ipv4.conf.default.accept_redirects': '0',
    'net.ipv4.icmp_ratelimit': '0',
    'net.ipv4.ping_group_range': '0 0',
    // Not there where the bridge has no filter.
    ...(existsSync('/proc/sys/net/bridge') ? { 'net.bridge.bridge-nf-call-iptables': '0' } : {}),
  };
  return { before, wires: [], own: ['link set lo up'], routes: [], rules: [], after: {}, tries };
}

function bridgeLines(name: string): string[] {
  return [`link add ${name} type bridge forward_delay 0`, `link set ${name} up`];
}
