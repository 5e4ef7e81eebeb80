import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { runInNamespace } from '../../support/namespace.ts';
import { inProject } from '../../support/paths.ts';

/** A machine of the lab: where its cable goes, and what it has. */
export interface Machine {
  readonly name: string;
  readonly bridge: string;
  readonly addresses: readonly string[];
  readonly routes: readonly { readonly to: string; readonly via: string }[];
}

export interface Lab {
  /** Bridges of the hypervisor with the addresses that it has on them. */
  readonly bridges: Readonly<Record<string, readonly string[]>>;
  /** The hypervisor's own default gateway. */
  readonly gateway: string;
  readonly machines: readonly Machine[];
  readonly ruleset: string;
  /** A folder with the XML of networks that a libvirtd beside starts, with rules of its own; their bridges are its. */
  readonly libvirt?: string;
  /** Whether the ruleset is loaded before libvirt starts its networks, as at boot, or after. */
  readonly rulesetFirst?: boolean;
  /** Whether bridged frames pass the hypervisor's forward chain (br_netfilter). */
  readonly bridgeNetfilter?: boolean;
}

/** One try: `tcp`, `udp` or `ping` from a machine to an address, and what has to come of it. */
export interface Try {
  readonly from: string;
  readonly how: 'tcp' | 'udp' | 'ping';
  readonly to: string;
  readonly port?: number;
  /** The source address, where it is not the one that the kernel takes. */
  readonly as?: string;
}

/** What connect(2) says after ICMP "administratively prohibited". */
export const REFUSED = 'EHOSTUNREACH';

/** A try in words: `lb1 tcp 10.17.4.21 6443`. */
export function tryOf(text: string): Try {
  const [from = '', how, to = '', port] = text.split(' ');
  return { from, how: how as Try['how'], to, ...(port === undefined ? {} : { port: Number(port) }) };
}

/** The bridges of the hypervisor, with its addresses and default gateway, as its host variables say. */
export function hypervisorOf(tree: string, name: string): Pick<Lab, 'bridges' | 'gateway'> {
  const text = readFileSync(join(tree, 'ansible/inventory/host_vars', name, 'vars.yml'), 'utf8');
  const bridges: { name: string; addresses: string[]; gateway?: string }[] = parse(text).host_bridges;
  return {
    bridges: Object.fromEntries(bridges.map((bridge) => [bridge.name, bridge.addresses])),
    gateway: bridges.map(({ gateway }) => gateway ?? '').join(''),
  };
}

/** The address, routes and the like that a tree gives each of its static guests. */
export function guestsOf(tree: string, bridgeOf: (name: string) => string): Machine[] {
  const machines = readdirSync(join(tree, 'guests')).map((name) => {
    const [file = ''] = readdirSync(join(tree, 'guests', name));
    const text = readFileSync(join(tree, 'guests', name, file), 'utf8');
    const machine = file === 'network-config' ? cloudInitMachine(text) : networkdMachine(text);
    return { name, bridge: bridgeOf(name), ...machine };
  });
  return machines.filter(({ addresses }) => addresses.length > 0);
}

function cloudInitMachine(text: string): Pick<Machine, 'addresses' | 'routes'> {
  const [card] = Object.values(
    parse(text).ethernets as Record<string, Pick<Machine, 'addresses' | 'routes'>>,
  );
  return { addresses: card?.addresses ?? [], routes: card?.routes ?? [] };
}

function networkdMachine(text: string): Pick<Machine, 'addresses' | 'routes'> {
  const values = (key: string) =>
    [...text.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value = '']) => value);
  const via = values('Gateway');
  return {
    addresses: values('Address'),
    routes: values('Destination').map((to, index) => ({ to, via: via[index] ?? '' })),
  };
}

/**
 * Builds the machines as network namespaces around a hypervisor with the ruleset, and makes every try.
 * @returns for each try the source address that the other side saw, `pong`, or what came instead, and what a last script
 * prints on the hypervisor
 * @throws when the lab itself does not come up
 */
export async function makeTries(lab: Lab, tries: readonly Try[], last = ''): Promise<string[]> {
  const script = [
    hypervisorScript(lab),
    ...lab.machines.map(machineScript),
    triesScript(lab.machines, tries),
    last,
  ].join('\n');
  const env = {
    NODE: process.execPath,
    PROBE: inProject('test/tools/nftables/probe.mjs'),
    RULESET: lab.ruleset,
    LIBVIRT: lab.libvirt ?? '',
  };
  const { exitCode, stdout, stderr } = await runInNamespace(script, { env, timeoutSeconds: 90 });
  if (exitCode !== 0) throw new Error(`the lab failed:\n${stdout}${stderr}`);
  return stdout.trim().split('\n');
}

/** Starts the networks of $LIBVIRT, on bridges without STP: ports forward at once. */
const START_LIBVIRT = `
source '${inProject('test/tools/libvirt/start-libvirtd.sh')}'
for xml in "$LIBVIRT"/*.xml; do
  virsh net-define "$xml" >/dev/null && virsh net-start "$(basename "$xml" .xml)" >/dev/null
done
for bridge in $(ip -oneline link show type bridge | cut -d' ' -f2 | tr -d :); do
  ip link set "$bridge" type bridge stp_state 0
done`;

/** The namespace itself is the hypervisor. It serves SSH's port on all of its addresses, and DNS' where libvirt does not. */
function hypervisorScript(lab: Lab): string {
  const { bridges, gateway, bridgeNetfilter = false, libvirt, rulesetFirst = false } = lab;
  const load = 'nft -f "$RULESET"';
  const start = libvirt === undefined ? [load] : rulesetFirst ? [load, START_LIBVIRT] : [START_LIBVIRT, load];
  const lines = Object.entries(bridges).flatMap(([bridge, addresses]) => [
    `ip link add ${bridge} type bridge forward_delay 0 && ip link set ${bridge} up`,
    ...addresses.map((address) => `ip address add ${address} dev ${bridge}`),
  ]);
  return `
sysctl -q -w net.ipv4.ip_forward=1 net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.default.send_redirects=0
# Only the ruleset is to decide, and each refusal is to be heard.
sysctl -q -w net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0 net.ipv4.icmp_ratelimit=0
[ ! -e /proc/sys/net/bridge ] || sysctl -q -w net.bridge.bridge-nf-call-iptables=${bridgeNetfilter ? 1 : 0}
${lines.join('\n')}
ip route add default via ${gateway}
${start.join('\n')}
"$NODE" "$PROBE" serve 22 ${libvirt === undefined ? 53 : ''} &`;
}

function machineScript({ name, bridge, addresses, routes }: Machine, index: number): string {
  const inside = `ip -n ${name}`;
  return `
ip netns add ${name} && ip link add v${index} type veth peer name eth0 netns ${name}
ip link set v${index} master ${bridge} up
${inside} link set lo up && ${inside} link set eth0 up
${addresses.map((address) => `${inside} address add ${address} dev eth0`).join('\n')}
${routes.map(({ to, via }) => `${inside} route add ${to} via ${via}`).join('\n')}
ip netns exec ${name} "$NODE" "$PROBE" serve 22 53 80 123 443 5432 6443 30080 30443 &`;
}

/** Waits until everybody serves, then makes the tries side by side and prints their results in order. */
export function triesScript(machines: readonly { readonly name: string }[], tries: readonly Try[]): string {
  const waiting = machines.map(
    ({ name }) =>
      `for i in $(seq 100); do [ -n "$(ip netns exec ${name} ss -Hltn sport = :6443)" ] && break; sleep 0.1; done`,
  );
  const run = tries.map(({ from, how, to, port = 0, as = '' }, index) => {
    const inside = from === 'hypervisor' ? '' : `ip netns exec ${from} `;
    const command =
      how === 'ping'
        ? `(${inside}ping -c 1 -W 1 ${to} >/dev/null 2>&1 && echo pong || echo "no pong")`
        : `${inside}"$NODE" "$PROBE" try ${how} ${to} ${port} ${as}`;
    return `${command} >/run/try.${index} & tries="$tries $!"${index % 6 === 5 ? '; wait $tries' : ''}`;
  });
  return `
${waiting.join('\n')}
tries=""
${run.join('\n')}
wait $tries
cat ${tries.map((_, index) => `/run/try.${index}`).join(' ')}`;
}
