import { formatPath } from '../../diagnostics/diagnostic.ts';
import { wordFor } from '../../reach/stops.ts';
import type { Cluster, Place } from '../../resolve/cluster.ts';
import { groupBy } from '../../resolve/group-by.ts';
import { nameOf } from '../../resolve/name-of.ts';
import { type FailedCheck, failedEntries } from '../failed-checks.ts';
import { defineRule, type Violation } from '../rule.ts';

export const checkWithoutFlow = defineRule({
  id: 'check-without-flow',
  severity: 'error',
  docs: {
    summary: 'a check of `verify` opens a port that no flow lets pass',
    why: 'What the model does not permit the generated firewall refuses, with ICMP "administratively prohibited" (nft(8), "Reject statement"), so that such a check fails for ever. `verify` tries what is open; it opens nothing.',
    help: 'Say the connection under `firewall.flows`, too: single ports of machines are then tried without an entry under `verify`. What an entry of `firewall.rules` may accept is not judged where it is not known whether that matches.',
    fails: 'verify: [{ from: lb1, to: worker1, ports: [9100] }]',
    passes:
      'firewall:\n  flows: [{ from: lan, to: worker1, ports: [9000-9200] }]\nverify:\n  - { from: lb1, to: worker1, ports: [9100] }\n  - { from: [worker1, lb1], to: [master1, api], ports: [6443] }\n  - { from: worker1, to: master1, ports: [9100] }',
  },
  *check(cluster) {
    // An entry that names many is one mistake: a flow that is not said.
    const refused = failedEntries(cluster).filter(isRefused);
    const entries = groupBy(refused, ({ at }) => formatPath(at.slice(0, 2)));
    for (const entry of entries.values()) yield* ofEntry(cluster, entry);
  },
});

function* ofEntry(cluster: Cluster, entry: readonly FailedCheck[]): Iterable<Violation> {
  const [first] = entry;
  if (first === undefined) return;
  const { from, to, port, at } = first;
  const isAtOne = entry.every((other) => formatPath(other.at) === formatPath(at));
  const unique = (texts: readonly string[]) => [...new Set(texts)];
  const list = (texts: readonly string[]) => (texts.length === 1 ? texts[0] : `[${texts.join(', ')}]`);
  const sources = list(unique(entry.map(({ verification }) => nameOf(verification.from))));
  const targets = list(unique(entry.map(({ verification }) => wordOf(cluster, verification.to))));
  const ports = unique(entry.map((other) => `${other.port}`)).join(', ');
  yield {
    at: isAtOne ? at : at.slice(0, 2),
    message: `no flow lets "${from.name}" open port ${port} of "${to.name}": the firewall refuses it`,
    related: [{ at: from.origin, message: `"${from.name}" is here` }],
    help: `open it under \`firewall.flows\`: \`{ from: ${sources}, to: ${targets}, ports: [${ports}] }\``,
  };
}

/** Whether a firewall certainly lets nothing of a connection into a network; what goes to the outside is found by others. */
function isRefused({ port, to, way, closed }: FailedCheck): boolean {
  const cause = way.question.stop?.cause;
  if (port === undefined || to.network === undefined || closed !== undefined) return false;
  return cause?.by === 'firewall' && way.unsure.size === 0 && !(cause.rule && 'verbatim' in cause.rule);
}

/** What a flow has to call a target: an address of a hypervisor's is opened by its name alone. */
function wordOf(cluster: Cluster, to: Place): string {
  return to.kind === 'address' ? wordFor(cluster, to.cidr.network) : nameOf(to);
}
