import { describe, expect, it } from 'vitest';
import { suggestForm } from './suggest-form.ts';

const NAME = '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$';

describe('a name that is nearly right', () => {
  it.each([
    ['Master1', 'master1'],
    ['worker_1', 'worker-1'],
    ['k8s.api', 'k8s-api'],
    ['_node_', 'node'],
    [' lb1 ', 'lb1'],
    ['lb1\u200b', 'lb1'],
    ['\u201clb1\u201d', 'lb1'],
  ])('%j is suggested as %s', (text, expected) => {
    expect(suggestForm(text, NAME)).toBe(expected);
  });

  it.each(['lb1 lb2', 'n\u00f6de', '', '---', 'x'.repeat(64)])('%j is not guessed at', (text) => {
    expect(suggestForm(text, NAME)).toBeUndefined();
  });

  it('that is right already has nothing to be suggested', () => {
    expect(suggestForm('lb1', NAME)).toBeUndefined();
  });

  it('of no known form has nothing to be suggested', () => {
    expect(suggestForm('Master1', undefined)).toBeUndefined();
  });
});
