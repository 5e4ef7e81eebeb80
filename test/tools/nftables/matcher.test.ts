import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstPacket, one } from '../../../src/check/nft/packet.ts';
import { tracerOf } from '../../../src/check/nft/trace.ts';
import { Ipv4 } from '../../../src/net/ipv4.ts';
import { requireTools } from '../../support/require-tools.ts';
import { randomRule } from './random-rules.ts';
import { NETWORKS, type Sent, sendThrough } from './rules-lab.ts';

const CHAINS = 1000;
const PACKETS = 16;
const SEED = 7;

const address = fc.constantFrom(
  ...['10.17.4.21', '10.17.4.22', '10.17.4.61', '192.168.0.50', '192.168.0.52', '203.0.113.9'],
);
/** None is the answer of another one: ports differ, and of two addresses the first in order sends. */
const packet: fc.Arbitrary<Sent> = fc
  .record({
    iifname: fc.constantFrom(...Object.keys(NETWORKS)),
    ends: fc.uniqueArray(address, { minLength: 2, maxLength: 2 }),
    protocol: fc.constantFrom(6, 6, 6, 17, 17, 1, 112),
    sport: fc.constantFrom(123, 1025, 40_000, 60_999),
    dport: fc.constantFrom(22, 53, 80, 443, 1023, 1024, 2379, 6443, 10_250, 30_080),
  })
  .map(({ ends, ...sent }) => {
    const [saddr = '', daddr = ''] = sent.protocol === 112 ? ends.toSorted() : ends;
    return { ...sent, saddr, daddr };
  });

/** What the matcher says: whether the packet passes, or nothing where it cannot know. */
function passes(rules: readonly string[], { iifname, protocol, ...sent }: Sent): boolean | undefined {
  const [oifname = ''] = Object.keys(NETWORKS).filter((name) => sent.daddr.startsWith(`${NETWORKS[name]}.`));
  const hasPorts = protocol === 6 || protocol === 17;
  const trace = tracerOf({
    ...{ table: 'trials', sets: [] },
    chains: [
      {
        ...{ name: 'trial', hook: { type: 'filter', at: 'forward' } },
        rules: rules.map((verbatim) => ({ verbatim, comment: '', origin: [] })),
      },
    ],
  });
  const ends = trace(
    'forward',
    firstPacket({
      ...{ iifname: [iifname], oifname: [oifname], protocol: one(protocol) },
      ...{ saddr: one(Ipv4.of(sent.saddr).value), daddr: one(Ipv4.of(sent.daddr).value) },
      ...(hasPorts ? { sport: one(sent.sport), dport: one(sent.dport) } : {}),
      ...(protocol === 1 ? { 'icmp-type': one(8) } : {}),
    }),
  );
  const verdicts = new Set(ends.map(({ verdict }) => verdict));
  return verdicts.size === 1 ? verdicts.has('accept') : undefined;
}

describe('the matcher of nft rules', () => {
  it('says of a packet what the kernel does with it, or nothing', async (context) => {
    requireTools(context, ['nft', 'unshare', 'ip', 'python3'], { root: true });
    const chains = fc.sample(fc.array(randomRule, { minLength: 1, maxLength: 4 }), {
      numRuns: CHAINS,
      seed: SEED,
    });
    const sent = fc.sample(packet, { numRuns: CHAINS * PACKETS, seed: SEED });
    const trials = sent.map((one, index) => ({ chain: index % CHAINS, sent: one }));
    const results = await sendThrough(chains, trials);
    const said = trials.map(({ chain, sent: one }) => passes(chains[chain] ?? [], one));
    const wrong = trials.filter((_, index) => said[index] !== undefined && said[index] !== results[index]);
    expect(wrong.map(({ chain, sent: one }) => ({ rules: chains[chain], ...one }))).toEqual([]);
    // It is of use: of most it knows, and of both kinds there are many.
    expect(said.filter((answer) => answer === undefined).length).toBeLessThan(trials.length / 5);
    expect(said.filter((answer) => answer === false).length).toBeGreaterThan(trials.length / 10);
    expect(said.filter((answer) => answer === true).length).toBeGreaterThan(trials.length / 5);
  });
});
