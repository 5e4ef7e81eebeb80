import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNamespace } from '../../support/namespace.ts';
import { inProject } from '../../support/paths.ts';

/** A packet that comes in by an interface of the router. */
export interface Sent {
  readonly iifname: string;
  readonly saddr: string;
  readonly daddr: string;
  readonly protocol: number;
  readonly sport: number;
  readonly dport: number;
}

/** A packet with the number of the chain that decides about it. */
export interface Trial {
  readonly chain: number;
  readonly sent: Sent;
}

/** The router's interfaces and their networks; the second is a bridge, whose port is enp4s0f1. */
export const NETWORKS: Readonly<Record<string, string>> = {
  virbr_kube: '10.17.4',
  br0: '192.168.0',
  enp9s0: '203.0.113',
};

/** A router with a cable at each interface. Packets for the lower half of its networks leave it, and nobody answers. */
const ROUTER = `
sysctl -q -w net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0
sysctl -q -w net.ipv4.conf.all.send_redirects=0 net.ipv4.conf.default.send_redirects=0
ip link add virbr_kube type veth peer name to_virbr_kube
ip link add enp4s0f1 type veth peer name to_br0
ip link add enp9s0 type veth peer name to_enp9s0
ip link add br0 type bridge forward_delay 0 && ip link set enp4s0f1 master br0
for link in $(cd /sys/class/net && echo *); do ip link set "$link" up; done
${Object.entries(NETWORKS)
  .map(
    ([name, network]) => `
ip address add ${network}.1/24 dev ${name} && ip route add ${network}.0/25 via ${network}.254
ip neigh add ${network}.254 lladdr 02:00:00:00:00:02 dev ${name}`,
  )
  .join('')}`;

/**
 * Sends each packet once through its chain of rules.
 * @returns for each one whether the chain let it pass; the identification field of IPv4 tells them apart
 * @throws when the lab does not come up, or a packet does not come as far as the chains
 */
export async function sendThrough(
  chains: readonly (readonly string[])[],
  trials: readonly Trial[],
): Promise<boolean[]> {
  const folder = mkdtempSync(join(tmpdir(), 'rules-'));
  const frames = trials.map(({ sent }, index) => ({
    ...sent,
    id: index + 1,
    cable: `to_${sent.iifname}`,
  }));
  writeFileSync(join(folder, 'ruleset.nft'), rulesetOf(chains, trials));
  writeFileSync(join(folder, 'frames.json'), JSON.stringify(frames));
  const script = `${ROUTER}
cd '${folder}' && nft -f ruleset.nft && /usr/bin/python3 '${inProject('test/tools/nftables/send-frames.py')}' <frames.json
for set in came passed; do nft -j list set inet trials "$set"; done`;
  const { exitCode, stdout, stderr } = await runInNamespace(script);
  rmSync(folder, { recursive: true });
  if (exitCode !== 0) throw new Error(`the lab failed:\n${stdout}${stderr}`);
  const [came, passed] = stdout.trim().split('\n').map(idsIn);
  if (came?.size !== trials.length) throw new Error(`of ${trials.length} packets ${came?.size} came`);
  return frames.map(({ id }) => passed?.has(id) === true);
}

/** Before the chains it is written down who came, after them who passed: an accept ends one priority only. */
function rulesetOf(chains: readonly (readonly string[])[], trials: readonly Trial[]): string {
  const note = (set: string, priority: number) => `
  set ${set} { typeof ip id; flags dynamic; size 65535; }
  chain note_${set} { type filter hook forward priority ${priority}; add @${set} { ip id }; }`;
  const ways = trials.map(({ chain }, index) => `${index + 1} : goto trial${chain}`);
  return `table inet trials {
${note('came', -10)}
${note('passed', 10)}
${chains.map((rules, index) => `chain trial${index} {\n${rules.join('\n')}\n}`).join('\n')}
  chain forward { type filter hook forward priority 0; ip id vmap { ${ways.join(', ')} }; }
}`;
}

function idsIn(line: string): Set<number> {
  const { nftables }: { nftables: { set?: { elem?: (number | { elem: { val: number } })[] } }[] } =
    JSON.parse(line);
  const elements = nftables.flatMap(({ set }) => set?.elem ?? []);
  return new Set(elements.map((one) => (typeof one === 'number' ? one : one.elem.val)));
}
