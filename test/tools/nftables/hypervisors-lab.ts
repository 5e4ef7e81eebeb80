import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { runInNamespace } from '../../support/namespace.ts';
import { inProject } from '../../support/paths.ts';
import { type Try, triesScript } from './segment-lab.ts';

interface Route {
  readonly to: string;
  readonly via: string;
}

/** What an interface has. */
interface Card {
  readonly addresses: readonly string[];
  readonly routes?: readonly Route[];
}

/** A bridge of a hypervisor; its uplink is a port of a switch, one that libvirt makes has none. */
interface Bridge extends Card {
  readonly name: string;
  readonly uplink?: string;
  readonly gateway?: string;
}

export interface Hypervisor {
  readonly name: string;
  readonly bridges: readonly Bridge[];
  readonly sysctls: readonly { readonly name: string; readonly value: string }[];
  readonly ruleset: string;
}

/** A machine with its cards: each leads to a switch, or to a bridge of a hypervisor. */
export interface Host {
  readonly name: string;
  readonly cards: readonly (Card & { readonly at: string })[];
}

export interface Lab {
  /** The switch that an uplink is plugged into. */
  readonly switches: Readonly<Record<string, string>>;
  readonly hypervisors: readonly Hypervisor[];
  readonly hosts: readonly Host[];
  /** Whether bridged frames pass the hypervisors' forward chains (br_netfilter). */
  readonly bridgeNetfilter?: boolean;
}

/** A hypervisor with all that its host variables say, and the bridges that libvirt makes. */
export function hypervisorOf(tree: string, name: string, ofLibvirt: readonly Bridge[]): Hypervisor {
  const inventory = join(tree, 'ansible/inventory');
  const variables = parse(readFileSync(join(inventory, 'host_vars', name, 'vars.yml'), 'utf8'));
  return {
    name,
    bridges: [...variables.host_bridges, ...ofLibvirt],
    sysctls: variables.host_sysctls,
    ruleset: variables.firewall_source.replace('{{ inventory_dir }}', inventory),
  };
}

/** A guest with the cards of its network-config, each where it is plugged in. */
export function guestOf(tree: string, name: string, ...places: readonly string[]): Host {
  const folder = join(tree, 'guests', name);
  const [file = ''] = readdirSync(folder);
  const cards: Card[] = Object.values(parse(readFileSync(join(folder, file), 'utf8')).ethernets);
  if (cards.length !== places.length) throw new Error(`${name} has ${cards.length} cards`);
  return { name, cards: cards.map((card, index) => ({ ...card, at: places[index] ?? '' })) };
}

/** Scripts that are run when everything is built, and after the tries. */
interface Around {
  readonly before?: string;
  readonly after?: string;
}

/**
 * Builds hypervisors, hosts and switches as network namespaces and makes every try.
 * @returns for each try what makeTries returns, then the lines that the script after them prints
 * @throws when the lab itself does not come up
 */
export async function makeTriesBetween(
  lab: Lab,
  tries: readonly Try[],
  { before = '', after = '' }: Around = {},
): Promise<string[]> {
  const everybody = [...lab.hypervisors, ...lab.hosts];
  const script = [
    'sysctl -q -w net.ipv4.icmp_ratelimit=0',
    ...[...new Set(Object.values(lab.switches))].map((name) => bridgeScript('ip', name)),
    ...lab.hypervisors.map((hypervisor) => hypervisorScript(lab, hypervisor)),
    ...lab.hosts.map((host) => hostScript(lab, host)),
    ...everybody.map(({ name }) => `ip netns exec ${name} "$NODE" "$PROBE" serve $PORTS &`),
    before,
    triesScript(everybody, tries),
    after,
  ].join('\n');
  const env = {
    NODE: process.execPath,
    PROBE: inProject('test/tools/nftables/probe.mjs'),
    PORTS: '22 53 80 179 2379 4789 5473 6443 10250',
  };
  const { exitCode, stdout, stderr } = await runInNamespace(script, { env, timeoutSeconds: 90 });
  if (exitCode !== 0) throw new Error(`the lab failed:\n${stdout}${stderr}`);
  return stdout.trim().split('\n');
}

function bridgeScript(ip: string, name: string): string {
  return `${ip} link add ${name} type bridge forward_delay 0 && ${ip} link set ${name} up`;
}

function hypervisorScript(lab: Lab, { name, bridges, sysctls, ruleset }: Hypervisor): string {
  const ip = `ip -n ${name}`;
  const inside = `ip netns exec ${name}`;
  const lines = bridges.flatMap(({ uplink, gateway, routes = [], ...bridge }) => [
    bridgeScript(ip, bridge.name),
    ...(uplink === undefined ? [] : [cable(name, uplink, lab.switches[uplink] ?? '')]),
    ...(uplink === undefined ? [] : [`${ip} link set ${uplink} master ${bridge.name}`]),
    ...bridge.addresses.map((address) => `${ip} address add ${address} dev ${bridge.name}`),
    ...(gateway === undefined ? [] : [`${ip} route add default via ${gateway}`]),
    ...routes.map(({ to, via }) => `${ip} route add ${to} via ${via} dev ${bridge.name}`),
  ]);
  return `
ip netns add ${name} && ${ip} link set lo up
# Only the ruleset is to decide, and each refusal is to be heard.
${inside} sysctl -q -w net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0 net.ipv4.icmp_ratelimit=0
[ ! -e /proc/sys/net/bridge ] || ${inside} sysctl -q -w net.bridge.bridge-nf-call-iptables=${lab.bridgeNetfilter ? 1 : 0}
${lines.join('\n')}
${sysctls.map((sysctl) => `${inside} sysctl -q -w ${sysctl.name}=${sysctl.value}`).join('\n')}
${inside} nft -f '${ruleset}'`;
}

function hostScript({ switches }: Lab, { name, cards }: Host): string {
  const ip = `ip -n ${name}`;
  const lines = cards.flatMap(({ at, addresses, routes = [] }, index) => [
    cable(name, `eth${index}`, switches[at] ?? at),
    ...addresses.map((address) => `${ip} address add ${address} dev eth${index}`),
    ...routes.map(({ to, via }) => `${ip} route add ${to} via ${via}`),
  ]);
  return `ip netns add ${name} && ${ip} link set lo up\n${lines.join('\n')}`;
}

/** A cable from an interface to a port of a switch, or of a bridge that is written HYPERVISOR.BRIDGE. */
function cable(name: string, card: string, to: string): string {
  const [hypervisor, bridge] = to.includes('.') ? to.split('.') : [undefined, to];
  const there = hypervisor === undefined ? 'ip' : `ip -n ${hypervisor}`;
  const port = `${name}-${card}`;
  return `${there} link add ${port} type veth peer name ${card} netns ${name}
${there} link set ${port} master ${bridge} up && ip -n ${name} link set ${card} up`;
}
