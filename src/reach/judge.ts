import { ANYTHING, type Packet as Known, one, PROTOCOLS, STATES } from '../check/nft/packet.ts';
import { askAll, type Step, stepsOf } from '../check/nft/trace.ts';
import { rulesetsOf } from '../firewall/build-ruleset.ts';
import type { Rule, VerbatimRule } from '../firewall/ruleset.ts';
import type { Cluster, Hypervisor } from '../resolve/cluster.ts';
import { oncePerCluster } from '../resolve/once-per-cluster.ts';
import type { Packet } from './packet.ts';

/** A packet at a hook of a hypervisor's firewall. */
export interface Passing {
  readonly packet: Packet;
  readonly hook: 'input' | 'forward' | 'postrouting';
  readonly iif: string;
  readonly oif: string;
}

/** What a firewall does with a packet, and the rule that says so; without one nothing is said about such packets. */
interface Judgement {
  readonly verdict: 'accept' | 'refuse' | 'masquerade';
  readonly rule: Rule | undefined;
}

/** The same, with the rules of people's own that may decide otherwise: whether they match is not known. */
export interface Judged extends Judgement {
  readonly unsure: readonly VerbatimRule[];
}

/** Types of ICMP (RFC 792). */
const ECHO_REQUEST = 8;
const ECHO_REPLY = 0;

/** The tables of all hypervisors, with their rules as what they ask and do. */
export const firewallsOf = oncePerCluster(
  (cluster) =>
    new Map(
      [...rulesetsOf(cluster)].map(([hypervisor, ruleset]) => [
        hypervisor,
        {
          ruleset,
          steps: new Map([...stepsOf(ruleset)].map(([chain, steps]) => [chain, steps.map(unlimited)])),
        },
      ]),
    ),
);

/** The limit of a derived rule, on pings, is taken as not reached. */
function unlimited(step: Step): Step {
  return 'verbatim' in step.rule ? step : { ...step, isWhole: true };
}

/** Takes a packet through the generated table, as data: the same that the template writes. */
export function judge(cluster: Cluster, hypervisor: Hypervisor, passing: Passing): Judged {
  const { ruleset, steps = new Map() } = firewallsOf(cluster).get(hypervisor) ?? {};
  const base = ruleset?.chains.find(({ hook }) => hook?.at === passing.hook);
  const unsure: Step[] = [];
  const { verdict, rule } = throughChain(base?.name ?? '', { steps, packet: knownOf(passing), unsure });
  const other = verdict === 'refuse' ? 'accept' : 'drop';
  const ofOwn = unsure.filter(({ ends }) => ends.includes(other)).map((step) => step.rule);
  return { verdict, rule, unsure: ofOwn.filter((own) => 'verbatim' in own) };
}

interface Walk {
  readonly steps: ReadonlyMap<string, readonly Step[]>;
  readonly packet: Known;
  /** The rules that were met of which nobody knows whether they match. */
  readonly unsure: Step[];
}

function throughChain(chain: string, walk: Walk): Judgement {
  for (const step of walk.steps.get(chain) ?? []) {
    const { rule, goto, ends } = step;
    const isOwn = 'verbatim' in rule;
    const answer = askAll(step, walk.packet);
    if (isOwn && answer === 'maybe') walk.unsure.push(step);
    if (answer !== 'yes') continue;
    // A chain that is gone to does not come back: its end is that of the base chain, which accepts.
    if (goto !== undefined) return throughChain(goto, walk);
    const [end] = ends;
    if (end === undefined) continue;
    if (end === 'drop') return { verdict: 'refuse', rule };
    return { verdict: !isOwn && rule.verdict === 'masquerade' ? 'masquerade' : 'accept', rule };
  }
  return { verdict: 'accept', rule: undefined };
}

/** A packet as rules are asked about it. An answer has a port that its asker chose. */
function knownOf({ packet, iif, oif }: Passing): Known {
  const { protocol, port, state, saddr, daddr } = packet;
  const { family, sport, dport, 'icmp-type': type } = ANYTHING;
  return {
    iifname: [iif],
    oifname: [oif],
    numbers: {
      family,
      protocol: one(PROTOCOLS.get(protocol)),
      state: one(STATES.get(state)),
      saddr: one(saddr.value),
      daddr: one(daddr.value),
      sport: port === undefined ? sport : [[protocol === 'tcp' ? 1024 : 1, 65_535]],
      dport: port === undefined ? dport : one(port),
      'icmp-type': protocol === 'icmp' ? one(state === 'new' ? ECHO_REQUEST : ECHO_REPLY) : type,
    },
  };
}
