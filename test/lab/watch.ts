import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { inProject } from '../support/paths.ts';
import type { Lab } from './lab.ts';
import type { Vip } from './lab-tree.ts';

/** What a client and the members' kernels saw while something happened; all times are in milliseconds. */
export interface Watched {
  readonly requests: number;
  readonly lost: number;
  /** The longest time in which no request that was sent then got its answer. */
  readonly outage: number;
  /** How often the virtual IP came to a member. */
  readonly moves: number;
  /** The longest time that two members had it. */
  readonly shared: number;
}

/** Has a client ask through a virtual IP every 50 ms, and notes who holds that, while `happening` lasts and `seconds` after it. */
export async function watch(
  lab: Lab,
  vip: Vip & { readonly port: number },
  happening: () => Promise<void>,
  seconds = 6,
): Promise<Watched> {
  const client = lab.startIn('client', [
    process.execPath,
    inProject('test/lab/client.mjs'),
    vip.address,
    String(vip.port),
  ]);
  const requests = textOf(client.stdout);
  const initial = await lab.holders(vip);
  const monitors = vip.members.map((name) => {
    const child = lab.startIn(name, ['ip', '-ts', '-oneline', '-4', 'monitor', 'address']);
    return { name, child, text: textOf(child.stdout) };
  });
  await pause(1000);
  await happening();
  await pause(seconds * 1000);
  const now = Date.now();
  for (const { child } of monitors) child.kill();
  client.stdin?.end();
  await once(client, 'exit');
  const events = monitors.flatMap(({ name, text }) => eventsIn(text(), vip.address, name));
  return { ...outageOf(requests()), ...ownershipOf(initial, events, now) };
}

function textOf(stream: NodeJS.ReadableStream | null): () => string {
  let text = '';
  stream?.on('data', (data: Buffer) => {
    text += data.toString();
  });
  return () => text;
}

/** From the lines of the client. */
export function outageOf(text: string): Pick<Watched, 'requests' | 'lost' | 'outage'> {
  const lines = text
    .trim()
    .split('\n')
    .map((line) => line.split(' '))
    .sort(([a], [b]) => Number(a) - Number(b));
  const answered = lines.filter(([, what]) => what === 'ok').map(([sent]) => Number(sent));
  const gaps = answered.map((sent, index) => sent - (answered[index - 1] ?? sent));
  const isWhole = lines.length === answered.length;
  return {
    requests: lines.length,
    lost: lines.length - answered.length,
    outage: isWhole ? 0 : Math.max(...gaps),
  };
}

interface Event {
  readonly at: number;
  readonly member: string;
  readonly isGone: boolean;
}

/** Lines of `ip -ts -oneline monitor address`: `[2026-11-22T14:00:00.123456] Deleted 2: eth0    inet 192.168.0.55/32 …`. */
function eventsIn(text: string, address: string, member: string): Event[] {
  return text
    .split('\n')
    .filter((line) => line.includes(` ${address}/`))
    .map((line) => ({
      at: Date.parse(line.slice(1, line.indexOf(']'))),
      member,
      isGone: line.includes('] Deleted '),
    }));
}

/** How often the address came to somebody, and how long more than one had it. */
export function ownershipOf(
  initial: readonly string[],
  events: readonly Event[],
  end: number,
): Pick<Watched, 'moves' | 'shared'> {
  const holders = new Set(initial);
  let [moves, shared, since] = [0, 0, end];
  for (const { at, member, isGone } of [...events].sort((a, b) => a.at - b.at)) {
    const before = holders.size;
    if (!isGone && !holders.has(member)) moves += 1;
    if (isGone) holders.delete(member);
    else holders.add(member);
    if (before < 2 && holders.size > 1) since = at;
    if (before > 1 && holders.size < 2) shared = Math.max(shared, at - since);
  }
  return { moves, shared: holders.size > 1 ? Math.max(shared, end - since) : shared };
}
