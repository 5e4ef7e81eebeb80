import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { slipOf, suggest } from './suggest.ts';

describe('a word that is nearly one of those known', () => {
  it.each<[word: string, candidates: string[], expected: string | undefined]>([
    ['netwrok', ['role', 'network', 'ip'], 'network'],
    ['Bridge', ['bridge', 'mode'], 'bridge'],
    ['node', ['nodes', 'name'], 'nodes'],
    ['k8s', ['k3s', 'rke2', 'kubeadm'], 'k3s'],
    ['workers', ['worker1', 'worker'], 'worker'],
    ['worker11', ['worker2', 'worker1'], 'worker1'],
    ['vip', ['ip', 'vrid'], 'ip'],
    ['database', ['lan', 'kube', 'master'], undefined],
    ['x', ['ip'], undefined],
    ['', ['ip'], undefined],
    ['n', ['network'], undefined],
    ['ip', [], undefined],
  ])('%s among %j is %s', (word, candidates, expected) => {
    expect(suggest(word, candidates)).toBe(expected);
  });

  it('that is one of them is that one', () => {
    const words = fc.uniqueArray(fc.string({ minLength: 1 }), {
      minLength: 1,
      selector: (word) => word.toLowerCase(),
    });
    fc.assert(
      fc.property(words, fc.nat(), (candidates, index) => {
        const word = candidates[index % candidates.length] ?? '';
        return suggest(word, candidates) === word;
      }),
    );
  });

  it('with two letters swapped is still found', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4 }), fc.nat(), (word, at) => {
        const index = at % (word.length - 1);
        const swapped = word.slice(0, index) + word[index + 1] + word[index] + word.slice(index + 2);
        return suggest(swapped, [word]) === word;
      }),
    );
  });
});

describe('a word that can have been meant for one alone', () => {
  const keys = ['network', 'role', 'ip', 'mac', 'foreignDhcp', 'interface'];

  it.each<[slip: string, word: string, known: readonly string[], expected: string | undefined]>([
    ['two letters swapped', 'netwrok', keys, 'network'],
    ['a letter too few', 'nework', keys, 'network'],
    ['a letter too many', 'nettwork', keys, 'network'],
    ['another letter', 'metwork', keys, 'network'],
    ['capitals', 'IP', keys, 'ip'],
    ['the style of another tool', 'foreign_dhcp', keys, 'foreignDhcp'],
    ['two mistakes', 'netwokr1', keys, undefined],
    ['a short word', 'mca', keys, undefined],
    ['a word of three letters', 'k8s', ['k3s', 'kubeadm'], undefined],
    ['another number', 'debian11', ['debian12', 'rocky9'], undefined],
    ['a number too few', 'rocky', ['debian12', 'rocky9'], undefined],
    ['two that are near', 'node', ['nodes', 'name'], undefined],
    ['two that differ by case', 'BRIDGE', ['bridge', 'Bridge'], undefined],
    ['nothing like it', 'gateway4', keys, undefined],
    ['nothing', '', keys, undefined],
  ])('%s: %s', (_slip, word, known, expected) => {
    expect(slipOf(word, known)).toBe(expected);
  });
});
