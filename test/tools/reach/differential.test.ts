import { describe, expect, it } from 'vitest';
import { requireTools } from '../../support/require-tools.ts';
import { isWrong } from './comparison.ts';
import { keepCase } from './keep-case.ts';
import { kindOf } from './prediction.ts';
import { fixedSubjects, randomSubjects } from './subjects.ts';
import { tryAll } from './try-all.ts';

const MODELS = Number(process.env['REACH_MODELS'] ?? 60);
const SEED = Number(process.env['REACH_SEED'] ?? 5);

/** What has to occur: all that `reach` gives as a reason, without names and addresses. */
const REASONS = [
  'a rule of your own refuses it on ...',
  'the firewall of ... refuses it: no flow lets it pass',
  'the firewall of ... refuses it: isolated: nothing leaves ...',
  'the firewall of ... refuses it: spoofed: not from ...',
  'the firewall of ... refuses it: spoofed: not of ...',
  'the firewall of ... refuses it: part of no connection',
  "libvirt's rules for ... (isolated) refuse it on ...",
  "libvirt's rules for ... (nat) refuse it on ...",
  "libvirt's rules for ... (route) refuse it on ...",
  '... has no route to ...',
  'nothing outside knows a way to ...',
  'the router of ... has no route to ...',
  '... gets a packet for ... and passes nothing on',
  'nobody on ... has ...',
  '... is the broadcast address of ...',
  'the answer goes to ..., which has ..., too',
  'the answer does not come by ..., which then drops what follows as part of no connection',
  'packets to ... go in a circle',
];

/** No model was found in which a next hop is nobody's, of all that can be built. */
const KNOWN = new Set([...REASONS, 'delivered', 'nobody on ... has ..., the next hop']);

describe('what reach predicts of models', () => {
  it(`is what the kernel does, in ${MODELS} random ones`, { timeout: 2_400_000 }, async (context) => {
    requireTools(context, ['nft', 'unshare', 'ip', 'python3'], { root: true });
    const begun = Date.now();
    const results = await tryAll([...fixedSubjects(), ...randomSubjects(SEED, MODELS)]);
    const seconds = Math.round((Date.now() - begun) / 1000);
    const outcomes = results.flatMap((result) => result.outcomes);
    const clear = outcomes.filter(({ isUnclear }) => !isUnclear);
    const reasons = countOf(clear.map(({ why }) => kindOf(why)));
    const unbuildable = results.flatMap(({ subject, why }) =>
      why === undefined ? [] : [`${subject.mistake}: ${why}`],
    );
    console.log(
      [
        `seed ${SEED}: ${results.length} models in ${seconds} s, ${clear.length} connections`,
        ...[...reasons].sort(([, a], [, b]) => b - a).map(([why, times]) => `${times}  ${why}`),
        `left out: ${outcomes.length - clear.length} connections that two machines may answer`,
        `not built: ${unbuildable.length} models ${[...countOf(unbuildable)].join('; ')}`,
      ].join('\n'),
    );
    const [wrong] = results.filter((result) => result.outcomes.some(isWrong));
    expect(wrong === undefined ? '' : await keepCase(wrong)).toBe('');
    expect(REASONS.filter((reason) => !reasons.has(reason))).toEqual([]);
    expect([...reasons.keys()].filter((reason) => !KNOWN.has(reason))).toEqual([]);
    expect(reasons.get('delivered')).toBeLessThan(clear.length * 0.7);
  });
});

function countOf(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}
