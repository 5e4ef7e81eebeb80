import { describe, expect, it } from 'vitest';
import { suggestForm } from './suggest-form.ts';

const NAME = {
  pattern: '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$',
  errorMessage: 'Expected a name of lower-case letters, digits and hyphens',
};

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
    expect(suggestForm(text, NAME)?.text).toBe(expected);
  });

  it.each(['lb1 lb2', 'n\u00f6de', '', '---', 'x'.repeat(64)])('%j is not guessed at', (text) => {
    expect(suggestForm(text, NAME)).toBeUndefined();
  });

  it('that is right already has nothing to be suggested', () => {
    expect(suggestForm('lb1', NAME)).toBeUndefined();
  });

  it.each<[text: string, schema: Parameters<typeof suggestForm>[1], isCertain: boolean]>([
    ['Master1', NAME, true],
    ['lb1\u200b', NAME, true],
    ['worker_1', NAME, false],
    ['Vault_Pass', { pattern: '^[a-z_]+$', errorMessage: 'Expected the name of a vault variable' }, false],
    ['Rocky', { pattern: '^[a-z]+$', errorMessage: 'Expected a Linux user name' }, false],
  ])('is certain only where it is the same: %j', (text, schema, isCertain) => {
    expect(suggestForm(text, schema)?.isCertain).toBe(isCertain);
  });

  it('of several words is not put into another case', () => {
    const line = { pattern: '^[a-z][a-z0-9]*( [ -~]*)?$' };
    expect(suggestForm('.if defined(X)', line)).toBeUndefined();
    expect(suggestForm(' tcp dport 22 accept ', line)).toEqual({
      text: 'tcp dport 22 accept',
      isCertain: true,
    });
  });

  it('of no known form has nothing to be suggested', () => {
    expect(suggestForm('Master1', {})).toBeUndefined();
  });
});
