import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNamespace } from '../../support/namespace.ts';
import { inProject } from '../../support/paths.ts';
import type { Card, GeneratedLab, Guest, HostBridge, Hypervisor } from './generated-lab.ts';

/** What one machine tries. */
export interface Try {
  readonly protocol: 'icmp' | 'tcp' | 'udp';
  readonly to: string;
  readonly port: number | undefined;
  /** The source address, where it is not the one that the kernel takes. */
  readonly as?: string;
}

/** Somebody who is not in the tree: the routers outside are one machine that passes packets on. */
export interface Stranger extends Guest {
  readonly isRouter: boolean;
}

/**
 * All machines, built as network namespaces. The namespace around them has the switches. Of the rulesets the limit of
 * pings is raised: here everybody asks at once.
 */
export async function makeTries(
  lab: GeneratedLab,
  strangers: readonly Stranger[],
  tries: Readonly<Record<string, readonly Try[]>>,
): Promise<Record<string, string[]>> {
  const folder = mkdtempSync(join(tmpdir(), 'gen-infra-reach-'));
  writeFileSync(join(folder, 'tries.json'), JSON.stringify(tries));
  const everybody = [...lab.hypervisors, ...lab.guests, ...strangers];
  const cabling = new Cabling(lab);
  const script = [
    'sysctl -q -w net.ipv4.icmp_ratelimit=0',
    ...cabling.switches.map((name) => bridgeScript('ip', name)),
    ...everybody.map(({ name }) => namespaceScript(name)),
    ...lab.hypervisors.flatMap((hypervisor) => cabling.hypervisor(hypervisor)),
    ...[...lab.guests, ...strangers].flatMap((guest) => cabling.guest(guest)),
    ...strangers
      .filter(({ isRouter }) => isRouter)
      .map(({ name }) => `ip netns exec ${name} sysctl -q -w net.ipv4.ip_forward=1`),
    'mkdir /run/results; sleep 0.1',
    ...everybody.map(
      ({ name }) =>
        `ip netns exec ${name} "$NODE" "$PROBE" ${name} ${everybody.length} '${folder}/tries.json' &`,
    ),
    'wait',
    `for file in /run/results/*; do printf "%s %s\\n" "\${file##*/}" "$(cat "$file")"; done`,
  ].join('\n');
  const env = { NODE: process.execPath, PROBE: inProject('test/tools/reach/probe.mjs') };
  const { exitCode, stdout, stderr } = await runInNamespace(script, { env, timeoutSeconds: 90 });
  rmSync(folder, { recursive: true });
  if (exitCode !== 0 || stderr !== '') throw new Error(`the lab failed:\n${stdout}${stderr}`);
  const lines = stdout.trim().split('\n');
  return Object.fromEntries(
    lines.map((line) => {
      const end = line.indexOf(' ');
      return [line.slice(0, end), JSON.parse(line.slice(end + 1)) as string[]];
    }),
  );
}

function namespaceScript(name: string): string {
  return `
ip netns add ${name} && ip -n ${name} link set lo up
ip netns exec ${name} sysctl -q -w net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0 net.ipv4.icmp_ratelimit=0 net.ipv4.conf.all.accept_redirects=0 net.ipv4.conf.default.accept_redirects=0
[ ! -e /proc/sys/net/bridge ] || ip netns exec ${name} sysctl -q -w net.bridge.bridge-nf-call-iptables=0`;
}

/** Cables between machines, switches and bridges, each with a number. */
class Cabling {
  readonly #switches = new Map<string, string>();
  #cables = 0;

  constructor({ hypervisors }: GeneratedLab) {
    for (const { bridges } of hypervisors)
      for (const { at } of bridges)
        if (at !== '' && !this.#switches.has(at)) this.#switches.set(at, `sw${this.#switches.size}`);
  }

  hypervisor({ name, bridges, sysctls, ruleset }: Hypervisor): string[] {
    const made = new Set<string>();
    const lines = bridges.flatMap((bridge) => {
      const isNew = !made.has(bridge.name);
      made.add(bridge.name);
      return [
        ...(isNew ? [bridgeScript(`ip -n ${name}`, bridge.name)] : []),
        ...(bridge.at === ''
          ? []
          : this.#cable({
              from: name,
              card: `up${this.#cables}`,
              to: this.#switch(bridge.at),
              master: bridge.name,
            })),
        ...bridge.addresses.map((address) => `ip -n ${name} address add ${address} dev ${bridge.name}`),
      ];
    });
    const routes = bridges.flatMap((bridge) => [
      ...(bridge.gateway === undefined
        ? []
        : [`ip -n ${name} route add default via ${bridge.gateway} dev ${bridge.name} onlink`]),
      ...bridge.routes.map(({ to, via }) => `ip -n ${name} route add ${to} via ${via} dev ${bridge.name}`),
    ]);
    const inside = `ip netns exec ${name}`;
    return [
      ...lines,
      ...routes,
      `${inside} sysctl -q -w net.ipv4.ip_forward=1`,
      ...sysctls.map((sysctl) => `${inside} sysctl -q -w ${sysctl.name}=${sysctl.value}`),
      `${inside} nft -f - <<'E'\n${libvirtTable(bridges)}\nE`,
      ...(ruleset === ''
        ? []
        : [
            `sed 's/limit rate [0-9]*\\/second/limit rate 100000\\/second burst 10000 packets/' '${ruleset}' | ${inside} nft -f -`,
          ]),
    ];
  }

  guest({ name, cards }: Guest): string[] {
    return cards
      .flatMap((card, index) => this.#guestCard(name, card, `eth${index}`))
      .concat(
        cards.flatMap(({ routes }, index) =>
          routes.map(
            ({ to, via, isOnLink = false }) =>
              `ip -n ${name} route add ${to}${via === '' ? '' : ` via ${via}`} dev eth${index}${isOnLink ? ' onlink' : ''}`,
          ),
        ),
      );
  }

  #guestCard(name: string, { at, addresses }: Card, card: string): string[] {
    return [
      ...(at === ''
        ? [`ip -n ${name} link add ${card} type bridge && ip -n ${name} link set ${card} up`]
        : this.#cable({ from: name, card, to: this.#switch(at) })),
      ...addresses.map((address) => `ip -n ${name} address add ${address} dev ${card}`),
    ];
  }

  /** The switch of a place, or the bridge of a hypervisor that it is. */
  #switch(at: string): string {
    return this.#switches.get(at) ?? at;
  }

  get switches(): string[] {
    return [...this.#switches.values()];
  }

  #cable({ from, card, to, master }: { from: string; card: string; to: string; master?: string }): string[] {
    this.#cables += 1;
    const [host, bridge] = to.includes('.') ? to.split('.') : [undefined, to];
    const there = host === undefined ? 'ip' : `ip -n ${host}`;
    const port = `c${this.#cables}`;
    return [
      `${there} link add ${port} type veth peer name ${card} netns ${from}`,
      `${there} link set ${port} master ${bridge} up && ip -n ${from} link set ${card} up`,
      ...(master === undefined ? [] : [`ip -n ${from} link set ${card} master ${master}`]),
    ];
  }
}

function bridgeScript(ip: string, name: string): string {
  return `${ip} link add ${name} type bridge forward_delay 0 && ${ip} link set ${name} up`;
}

/**
 * What libvirt writes for the bridges of its own, by mode: what crosses inside one, what comes in, what goes out; an accept
 * ends all three (libvirt, src/network/network_nftables.c). In open mode it writes nothing.
 */
function libvirtTable(bridges: readonly HostBridge[]): string {
  const own = bridges.filter(({ mode }) => mode !== undefined && mode !== 'open');
  const chain = (name: string, rules: readonly string[]) => `chain ${name} {\n${rules.join('\n')}\n}`;
  const from = (ranges: readonly string[]) => `{ ${ranges.join(', ')} }`;
  const input = ({ name, mode, ranges }: HostBridge) => [
    ...(mode === 'nat'
      ? [`oifname "${name}" ip daddr ${from(ranges)} ct state established,related accept`]
      : []),
    ...(mode === 'route' ? [`oifname "${name}" ip daddr ${from(ranges)} accept`] : []),
    `oifname "${name}" reject`,
  ];
  const output = ({ name, mode, ranges }: HostBridge) => [
    ...(mode === 'isolated' ? [] : [`iifname "${name}" ip saddr ${from(ranges)} accept`]),
    `iifname "${name}" reject`,
  ];
  const nat = ({ mode, ranges }: HostBridge) =>
    mode === 'nat' ? ranges.map((range) => `ip saddr ${range} ip daddr != ${range} masquerade`) : [];
  return [
    'table ip libvirt_network {',
    chain(
      'guest_cross',
      own.map(({ name }) => `iifname "${name}" oifname "${name}" accept`),
    ),
    chain('guest_input', own.flatMap(input)),
    chain('guest_output', own.flatMap(output)),
    chain('forward', [
      'type filter hook forward priority filter; policy accept;',
      ...['guest_cross', 'guest_input', 'guest_output'].map((name) => `jump ${name}`),
    ]),
    chain('guest_nat', ['type nat hook postrouting priority srcnat; policy accept;', ...own.flatMap(nat)]),
    '}',
  ].join('\n');
}
