import type { Cluster } from '../resolve/cluster.ts';
import { groupBy } from '../resolve/group-by.ts';
import type { Broken } from './broken.ts';
import { type Consequences, type HeldVip, isHarmful } from './consequences.ts';
import type { Failure } from './failure.ts';
import { lineOf, serviceText, wordsFor } from './labels.ts';
import type { Quorum } from './quorum.ts';

/** What comes of a failure as text. */
export function describeFailure(cluster: Cluster, failure: Failure, consequences: Consequences): string {
  const { vips, etcd, networks, broken } = consequences;
  const rows: [string, string][] = [
    ...vips.map((held): [string, string] => [held.vip.name, holderText(held)]),
    ...(etcd === undefined ? [] : [['etcd', etcdText(etcd)] satisfies [string, string]]),
    ...networks.map(({ network, lost }): [string, string] => [network.name, `has no ${lost.join(', no ')}`]),
  ];
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  return [
    headline(cluster, failure),
    '',
    ...rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`),
    ...(rows.length > 0 ? [''] : []),
    ...brokenLines(cluster, broken),
    ...(isHarmful(consequences) ? [] : ['Everything that is needed still works.']),
    '',
  ].join('\n');
}

function headline(cluster: Cluster, { names, down, cutOff }: Failure): string {
  const said = `${names.join(' and ')} ${names.length === 1 ? 'fails' : 'fail'}`;
  if (cluster.hypervisors.every(({ name }) => down.has(name)))
    return `${said}: no hypervisor is left, and nothing runs`;
  const guests = [...down].filter((name) => !names.includes(name));
  const parts = [
    ...(guests.length > 0 ? [`down with it: ${lineOf(wordsFor(cluster, guests))}`] : []),
    ...(cutOff.size > 0 ? [`cut off: ${lineOf(wordsFor(cluster, [...cutOff]))}`] : []),
  ];
  return [said, ...parts].join('; ');
}

function holderText({ vip: { ip }, before, after }: HeldVip): string {
  if (after === undefined) return `${ip}, on nobody${before === undefined ? '' : ` (was on ${before})`}`;
  return before === after ? `${ip}, stays on ${after}` : `${ip}, moves from ${before} to ${after}`;
}

function etcdText({ members, left, needed }: Quorum): string {
  const verdict = left < needed ? 'it has no majority, and the API stands still' : 'it keeps its majority';
  return `${left} of ${members} left, ${needed} needed: ${verdict}`;
}

/** Those who miss the same for the same reason are said once. */
function brokenLines(cluster: Cluster, broken: readonly Broken[]): string[] {
  return together(together(broken, 'from'), 'to').map((one) => {
    const from = lineOf(wordsFor(cluster, one.from));
    const to = lineOf(wordsFor(cluster, one.to).map((word) => word + serviceText(one)));
    const why = one.purposes.length === 0 ? '' : ` (${one.purposes.join(', ')})`;
    return `broken: ${from} to ${to}${why}: ${one.reason}`;
  });
}

/** Those that are the same but for one end as one. */
function together(broken: readonly Broken[], end: 'from' | 'to'): Broken[] {
  const keyOf = ({ from, to, purposes: _, ...same }: Broken) =>
    JSON.stringify([end === 'from' ? to : from, same]);
  return [...groupBy(broken, keyOf).values()].flatMap((group) =>
    group.slice(0, 1).map((first) => ({
      ...first,
      [end]: [...new Set(group.flatMap((one) => one[end]))],
      purposes: [...new Set(group.flatMap(({ purposes }) => purposes))],
    })),
  );
}
